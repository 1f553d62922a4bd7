variable "name" { default = "d" }
resource "terraform_data" "a" {
  count = 2
  input = var.name
  lifecycle {
    precondition {
      condition     = var.name != "pre" || count.index == 0
      error_message = "pre"
    }
    postcondition {
      condition     = self.output != "post"
      error_message = "post"
    }
  }
}
module "m" {
  source = "./mod"
  count  = 2
  name   = var.name
}
check "data" {
  data "terraform_remote_state" "r" {
    backend = "local"
    config  = { path = "nope.tfstate" }
  }
  assert {
    condition     = data.terraform_remote_state.r.outputs.x == "x"
    error_message = "data"
  }
}
output "m" { value = module.m[*].x }
