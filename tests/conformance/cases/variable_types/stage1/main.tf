variable "a" {
  type = object({
    name    = string
    port    = optional(number, 80)
    tags    = optional(map(string))
    limits  = optional(object({ cpu = optional(number, 1), mem = optional(string) }), {})
    rules   = optional(list(object({ from = number, to = optional(number), open = optional(bool, true) })), [])
    pair    = optional(tuple([string, number]), ["x", 1])
    set     = optional(set(string), ["b", "a", "b"])
    nothing = optional(any)
  })
  default = { name = "d" }
}

variable "b" {
  type = map(object({
    n     = number
    inner = optional(map(object({ v = optional(string, "v") })), { k = {} })
  }))
  default = {
    x = { n = "1" }
    y = { n = 2, inner = { z = { v = null } }, extra = "dropped" }
  }
}

variable "c" {
  type    = list(any)
  default = [1, "2", true]
}

variable "d" {
  type    = any
  default = { a = [1, { b = null }] }
}

variable "e" {
  type    = set(number)
  default = ["3", 1, 2, 1.0]
}

output "all" {
  value = [var.a, var.b, var.c, var.d, var.e]
}

resource "terraform_data" "all" {
  input = [var.a, var.b, var.c, var.d, var.e]
}
