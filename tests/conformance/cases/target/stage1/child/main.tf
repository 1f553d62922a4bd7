variable "input" {}

resource "terraform_data" "x" {
  input = var.input
}

resource "terraform_data" "y" {
  input = "y"
}

output "x" {
  value = terraform_data.x.output
}
