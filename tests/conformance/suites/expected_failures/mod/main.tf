variable "x" { default = 1 }
output "y" { value = var.x }
resource "terraform_data" "m" { input = var.x }
