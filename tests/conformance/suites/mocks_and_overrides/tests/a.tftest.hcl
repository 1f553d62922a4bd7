mock_provider "terraform" {
  mock_resource "terraform_data" {
    defaults = { id = "mocked" }
  }
  mock_data "terraform_remote_state" {
    defaults = { outputs = { a = 1 } }
  }
}
run "plan" { 
  command = plan
  assert {
    condition = terraform_data.a.input == "zz" || data.terraform_remote_state.r.outputs.a == 2
    error_message = "x"
  }
}
run "planid" { 
  command = plan
  assert {
    condition = terraform_data.a.id == "zz"
    error_message = "x"
  }
}
run "apply" { 
  assert {
    condition = terraform_data.a.id == "zz" || terraform_data.c[0].id == "x" || terraform_data.a.output == "x" || module.m.x == "y"
    error_message = "x"
  }
}
