variable "a" {
  type = "string"
}

variable "b" {
  type = list()
}

variable "c" {
  type = map(string, number)
}

variable "d" {
  type = object({ x = optional() })
}

variable "e" {
  type = optional(string)
}

variable "1f" {
}

variable "g" {
  validation {
    condition     = true
    error_message = "Fine."
  }

  validation {
    condition = var.x > 1
  }

  validation {
    error_message = "No condition."
  }
}
