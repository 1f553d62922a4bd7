variable "a" {
  default = 1

  validation {
    condition     = var.a
    error_message = "Not a condition."
  }
}

variable "b" {
  default = "x"

  validation {
    condition     = var.b > 1
    error_message = "Fails to evaluate."
  }
}

variable "c" {
  default = "x"

  validation {
    condition     = null
    error_message = "Null."
  }
}

variable "d" {
  default = "x"

  validation {
    condition     = "yes"
    error_message = "A word."
  }
}

variable "e" {
  default = "x"

  validation {
    condition     = "false"
    error_message = "A word that is a bool."
  }
}

variable "f" {
  default = "x"

  validation {
    condition     = false
    error_message = [1]
  }
}

variable "g" {
  default = "x"

  validation {
    condition     = true
    error_message = "Constant."
  }
}
