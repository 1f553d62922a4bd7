variable "label" {}

resource "terraform_data" "this" {
  input = var.label
}

output "label" {
  value = terraform_data.this.output
}

output "id" {
  value = terraform_data.this.id
}
