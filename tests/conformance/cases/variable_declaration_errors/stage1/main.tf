variable "a" {
  type = strin
}

variable "b" {
  type    = number
  default = "x"
}

variable "c" {
  type    = list
  default = []
}

variable "d" {
  type    = object({ a = optional(number, "x") })
  default = null
}

variable "e" {
  default = var.a
}

variable "source" {
}

variable "f" {
  type      = string
  sensitive = "no way"
  color     = "red"
}

variable "f" {
}

variable "g" {
  nullable = false
  default  = null
}

variable "h-1" {
  type = object({ a = string, a = number })
}
