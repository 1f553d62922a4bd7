variable "s" {}

variable "open" {}

output "whole" {
  value = {
    open   = var.open
    closed = var.s
  }
}

output "s" {
  value     = upper(var.s)
  sensitive = true
}
