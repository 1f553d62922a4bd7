variable "value" {}

output "value" {
  value = "m got ${var.value}"
}
