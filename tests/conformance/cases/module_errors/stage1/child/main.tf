variable "required" {
  type = string
}

output "id" {
  value = var.required
}
