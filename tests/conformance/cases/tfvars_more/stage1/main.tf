variable "a" {
  type    = list(object({ n = number, s = optional(string, "s") }))
  default = []
}

variable "b" {
  type    = map(any)
  default = {}
}

variable "text" {
  default = ""
}

variable "bool" {
  type    = bool
  default = false
}

variable "num" {
  type    = number
  default = 0
}

output "all" {
  value = [var.a, var.b, var.text, var.bool, var.num]
}
