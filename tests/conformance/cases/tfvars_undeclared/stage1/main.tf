variable "known" {}

output "known" {
  value = var.known
}
