resource "terraform_data" "a" {
  input = "a"
}

check "later" {
  data "terraform_remote_state" "s" {
    backend  = "local"
    config   = { path = "store/${terraform_data.a.output}.tfstate" }
    defaults = { x = 1 }
  }

  assert {
    condition     = data.terraform_remote_state.s.outputs.x == 2
    error_message = "x is ${data.terraform_remote_state.s.outputs.x}."
  }
}
