variable "input" {
  type = string
}

resource "terraform_data" "in" {
  input = var.input
}

output "out" {
  value     = terraform_data.in.output
  sensitive = true
}
