variable "cidr" {}

resource "terraform_data" "this" {
  input            = var.cidr
  triggers_replace = [var.cidr]
}

output "cidr" {
  value = terraform_data.this.output
}
