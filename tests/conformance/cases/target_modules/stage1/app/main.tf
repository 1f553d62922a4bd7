variable "net" {}

resource "terraform_data" "app" {
  input = var.net
}

resource "terraform_data" "side" {
}

output "id" {
  value = terraform_data.app.output
}
