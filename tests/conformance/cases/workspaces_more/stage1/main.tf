resource "terraform_data" "a" {
  count = terraform.workspace == "default" ? 1 : 2
  input = "${terraform.workspace}-${count.index}"
}

output "name" {
  value = terraform.workspace
}
