variable "s" {
  sensitive = true
  default   = "x"

  validation {
    condition     = var.s == "y"
    error_message = "Not ${var.s}."
  }
}

output "o" {
  value = nonsensitive("clear")
}
