variable "min" {
  type = number
}

variable "names" {
  type = list(string)

  validation {
    condition     = length(var.names) >= var.min
    error_message = "At least ${var.min} names."
  }

  validation {
    condition     = alltrue([for n in var.names : length(n) == 1])
    error_message = "One letter each."
  }
}

output "names" {
  value = var.names
}
