variable "v" {
  default = "one"
}

resource "terraform_data" "a" {
  input = var.v
}

data "terraform_remote_state" "s" {
  backend  = "local"
  config   = { path = "store/none.tfstate" }
  defaults = { x = var.v }
}

output "x" {
  value = data.terraform_remote_state.s.outputs.x
}
