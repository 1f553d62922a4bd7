variable "value" {}

output "value" {
  value = "n got ${var.value}"
}
