mock_provider "terraform" {
  override_during = plan
  override_resource {
    target = terraform_data.a
    values = { id = "over" }
  }
  override_data {
    target = data.terraform_remote_state.r
    values = { outputs = { b = 1 } }
  }
}
run "planid" { 
  command = plan
  assert {
    condition = terraform_data.a.id == "zz" || terraform_data.c[0].id == "x" || data.terraform_remote_state.r.outputs.b == 2
    error_message = "x"
  }
}
