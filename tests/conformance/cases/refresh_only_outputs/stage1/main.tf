variable "v" {
  default = "one"
}

resource "terraform_data" "a" {
  input = "fixed"
}

output "v" {
  value = var.v
}
