variable "s" {
  type    = string
  default = "d"
}

variable "l" {
  type    = list(string)
  default = []
}

variable "o" {
  type    = object({ a = optional(number, 1) })
  default = {}
}

variable "untyped" {
  default = null
}

variable "n" {
  type    = number
  default = 0
}

output "all" {
  value = [var.s, var.l, var.o, var.untyped, var.n]
}
