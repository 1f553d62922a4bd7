variable "defaulted" {
  type     = string
  default  = "d"
  nullable = false
}

variable "nullable" {
  type    = string
  default = "d"
}

module "child" {
  source    = "./child"
  defaulted = null
  nullable  = null
  list      = null
}

output "root" {
  value = [var.defaulted, var.nullable]
}

output "child" {
  value = module.child.all
}

output "null_output" {
  value = null
}
