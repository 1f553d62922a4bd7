variable "number" {
  type    = number
  default = "12.50"
}

variable "text" {
  type    = string
  default = 12.50
}

variable "flag" {
  type    = bool
  default = "true"
}

variable "set" {
  type    = set(string)
  default = ["b", "a", "b", 3]
}

variable "numbers" {
  type    = set(number)
  default = [10, 9, "8", 9]
}

variable "map" {
  type    = map(string)
  default = { a = 1, b = true }
}

variable "tuple" {
  type    = tuple([string, number, bool])
  default = [1, "2", "false"]
}

variable "object" {
  type    = object({ a = string, b = list(number) })
  default = { a = 1, b = ["1", 2], c = "dropped" }
}

variable "any_list" {
  type    = list(any)
  default = [1, "a", true]
}

variable "any_map" {
  type    = map(any)
  default = { a = [1], b = ["x"] }
}

variable "anything" {
  type    = any
  default = { a = [1, "x"], b = null }
}

variable "nested" {
  type    = map(set(object({ n = number })))
  default = { x = [{ n = "2" }, { n = 1 }, { n = 2 }] }
}

resource "terraform_data" "all" {
  input = {
    number   = var.number
    text     = var.text
    flag     = var.flag
    set      = var.set
    numbers  = var.numbers
    map      = var.map
    tuple    = var.tuple
    object   = var.object
    any_list = var.any_list
    any_map  = var.any_map
    anything = var.anything
    nested   = var.nested
  }
}

output "all" {
  value = terraform_data.all.output
}

output "sets" {
  value = [toset([true, false]), toset([3, 20, 100]), toset(["10", "9", "é", "z"]), toset([["b"], ["a"]]), toset([{ a = 2 }, { a = 1 }])]
}
