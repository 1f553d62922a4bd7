mock_provider "terraform" {
  alias  = "unused"
  source = "./mocks"
}
mock_provider "terraform" {
  source = "./mocks"
  mock_data "terraform_remote_state" {
    defaults = { outputs = { x = "of the block" } }
  }
}
run "plan" {
  command = plan
  assert {
    condition     = terraform_data.a.id == "x" || data.terraform_remote_state.r.outputs.x == "x"
    error_message = "shown"
  }
}
run "apply" {
  assert {
    condition     = terraform_data.a.id == "x" || terraform_data.b.id == "x" || output.b == "x"
    error_message = "shown"
  }
}
run "made_up" {
  state_key = "other"
  override_resource {
    target = terraform_data.a
  }
  assert {
    condition     = length(terraform_data.a.id) == 8 && terraform_data.a.id == lower(terraform_data.a.id)
    error_message = "shown"
  }
}
run "providers" {
  state_key = "third"
  providers = {
    terraform = terraform.unused
  }
  assert {
    condition     = data.terraform_remote_state.r.outputs.x == "x"
    error_message = "shown"
  }
}
run "missing" {
  providers = {
    terraform = terraform.nope
  }
}
