variable "input" {}

resource "terraform_data" "c" {
  input = var.input
}
