variable "password" {
  type      = string
  sensitive = true
  default   = "hunter2"
}

resource "terraform_data" "whole" {
  input = var.password
}

output "leak" {
  value = "x${var.password}"
}
