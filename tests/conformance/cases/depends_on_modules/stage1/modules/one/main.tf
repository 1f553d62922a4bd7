variable "input" {}

resource "terraform_data" "this" {
  input = var.input
}

data "terraform_remote_state" "none" {
  count   = 0
  backend = "local"
}
