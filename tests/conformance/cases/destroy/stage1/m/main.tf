variable "input" {}

resource "terraform_data" "c" {
  input = var.input

  lifecycle {
    create_before_destroy = true
  }
}

output "o" {
  value = terraform_data.c.output
}
