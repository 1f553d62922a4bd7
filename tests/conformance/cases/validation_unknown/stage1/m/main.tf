variable "n" {
  type = number

  validation {
    condition     = var.n > 1
    error_message = "n is ${var.n}."
  }
}

variable "id" {
  type = string

  validation {
    condition     = length(var.id) > 3
    error_message = "Too short."
  }
}

output "n" {
  value = var.n
}
