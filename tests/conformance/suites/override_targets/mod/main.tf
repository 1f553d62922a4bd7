resource "terraform_data" "in" { input = 1 }
output "x" { value = terraform_data.in.id }
output "y" { value = "y" }
