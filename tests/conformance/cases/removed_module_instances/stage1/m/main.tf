variable "name" {}

resource "terraform_data" "x" {
  input = var.name
}

resource "terraform_data" "y" {
  count = 2
  input = terraform_data.x.output
}
