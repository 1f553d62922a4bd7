variable "a" {
  type = object({ name = string, port = optional(number) })
}

variable "b" {
  type = list(number)
}

variable "c" {
  type     = string
  nullable = false
}

variable "d" {
  type = tuple([string, number])
}
