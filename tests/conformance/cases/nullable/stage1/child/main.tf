variable "defaulted" {
  default  = "child"
  nullable = false
}

variable "nullable" {
  default = "child"
}

variable "list" {
  type     = list(string)
  default  = ["x"]
  nullable = false
}

output "all" {
  value = [var.defaulted, var.nullable, var.list]
}
