variable "id" {}

output "id" {
  value = var.id

  precondition {
    condition     = startswith(var.id, "x-")
    error_message = "Wrong start."
  }
}
