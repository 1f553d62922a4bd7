variable "number" {
  type    = number
  default = 1
}

variable "list" {
  type    = list(string)
  default = []
}

variable "object" {
  type    = object({ a = string })
  default = { a = "x" }
}
