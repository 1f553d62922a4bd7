variable "name" {}

resource "terraform_data" "net" {
  input = var.name
}

resource "terraform_data" "extra" {
  count = 2
  input = "${var.name}${count.index}"
}

output "id" {
  value = terraform_data.net.output
}
