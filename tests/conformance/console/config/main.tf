terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

variable "text" {
  default = "hello"
}

variable "number" {
  default = 12
}

variable "flag" {
  default = true
}

variable "list" {
  type    = list(string)
  default = ["a", "b"]
}

variable "set" {
  type    = set(number)
  default = [3, 1, 2]
}

variable "map" {
  type    = map(string)
  default = { k = "v" }
}

variable "object" {
  type = object({
    name = string
    size = optional(number, 1)
    tags = optional(map(string))
  })
  default = { name = "n" }
}

variable "nothing" {
  type    = string
  default = null
}

variable "secret" {
  default   = "hidden"
  sensitive = true
}

variable "secrets" {
  default   = ["x", "y"]
  sensitive = true
}

variable "anything" {
  default = { a = [1, "x"], b = null }
}

variable "token" {
  default   = "t"
  ephemeral = true
}

locals {
  text          = "local"
  list          = tolist(["x", "y"])
  set           = toset(["x", "y"])
  map           = tomap({ a = "1", b = "2" })
  tuple         = [1, "two", true]
  object        = { name = "n", size = 2 }
  objects       = [{ name = "a", size = 1 }, { name = "b", size = 2 }]
  nested        = { a = { b = { c = "deep" } } }
  nothing       = null
  sensitive_map = sensitive({ a = 1 })
  partly        = { open = 1, closed = sensitive(2) }
  template      = "Hello, $${name}!"
  broken        = "Hello, $${name"

  unknown        = terraform_data.one.output
  unknown_text   = tostring(terraform_data.one.output)
  unknown_number = tonumber(terraform_data.one.output)
  unknown_bool   = tobool(terraform_data.one.output)
  unknown_list   = tolist(terraform_data.one.output)
  unknown_map    = tomap(terraform_data.one.output)
}

resource "terraform_data" "one" {
  input = "x"
}

resource "terraform_data" "many" {
  count = 2
}

resource "terraform_data" "each" {
  for_each = toset(["a", "b"])
}

module "child" {
  source = "./child"
}
