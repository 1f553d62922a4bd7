variable "min" {
  type    = number
  default = 1
}

variable "max" {
  type    = number
  default = 5

  validation {
    condition     = var.max > var.min
    error_message = "max (${var.max}) must be above min (${var.min})."
  }

  validation {
    condition     = var.max <= local.ceiling
    error_message = "max must not pass ${local.ceiling}."
  }
}

locals {
  ceiling = 10 * var.min
}

module "m" {
  source = "./m"
  min    = var.min
  names  = ["a", "b"]
}
