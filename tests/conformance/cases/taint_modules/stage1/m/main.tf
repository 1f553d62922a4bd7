resource "terraform_data" "x" {
  count = 2
}

output "id" {
  value = terraform_data.x[0].id
}
