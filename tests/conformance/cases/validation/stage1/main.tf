variable "name" {
  type    = string
  default = "web"

  validation {
    condition     = can(regex("^[a-z]+$", var.name))
    error_message = "The name must be lower-case letters, got ${jsonencode(var.name)}."
  }

  validation {
    condition     = length(var.name) <= 8
    error_message = "The name must have at most 8 letters."
  }
}

variable "limits" {
  type = object({
    low  = optional(number, 1)
    high = optional(number)
  })
  default = {}

  validation {
    condition     = var.limits.high == null ? true : var.limits.low < var.limits.high
    error_message = "low must be below high."
  }
}

variable "other" {
  type    = string
  default = "web-1"

  validation {
    condition     = startswith(var.other, var.name)
    error_message = "Must start with the name."
  }
}

output "all" {
  value = [var.name, var.limits, var.other]
}
