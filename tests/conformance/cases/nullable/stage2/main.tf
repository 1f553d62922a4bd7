variable "required" {
  type     = string
  nullable = false
}

module "child" {
  source   = "./child"
  required = null
}
