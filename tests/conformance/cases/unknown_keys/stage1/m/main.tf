variable "id" {}

resource "terraform_data" "x" {
  input = var.id
}

output "x" {
  value = terraform_data.x.output
}
