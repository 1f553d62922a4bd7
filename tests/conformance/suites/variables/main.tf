terraform {
  required_version = ">= 1.0"
}
variable "a" { default = "default" }
variable "b" { default = "default" }
variable "c" { default = "default" }
variable "d" { default = "default" }
variable "e" { default = "default" }
variable "f" { default = "default" }
variable "n" { 
  type = number 
  default = 1
}
variable "l" {
  type = list(string)
  default = []
}
variable "s" {
  sensitive = true
  default = "s"
}
resource "terraform_data" "x" { input = "${var.a} ${var.b} ${var.c} ${var.d} ${var.e} ${var.f}" }
output "all" { value = "${var.a} ${var.b} ${var.c} ${var.d} ${var.e} ${var.f}" }
output "s" { 
  value = var.s 
  sensitive = true
}
output "n" { value = var.n }
