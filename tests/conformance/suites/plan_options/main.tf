variable "name" { default = "d" }
resource "terraform_data" "a" { input = var.name }
resource "terraform_data" "b" { input = var.name }
output "a" { value = terraform_data.a.id }
