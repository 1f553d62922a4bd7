variable "conf" {
  type = object({
    name = string
    keys = map(string)
    list = optional(list(string), ["a", "b"])
  })
  sensitive = true
  default = {
    name = "n"
    keys = { one = "1", two = "2" }
  }
}

resource "terraform_data" "a" {
  input = {
    open   = "open"
    conf   = var.conf
    list   = ["clear", var.conf.name, { deep = var.conf.keys["one"] }]
    nested = { for k in ["x", "y"] : k => k == "x" ? var.conf.name : k }
  }
  triggers_replace = [var.conf.keys]
}

resource "terraform_data" "b" {
  input = [terraform_data.a.output.open, terraform_data.a.output.list[1], nonsensitive(terraform_data.a.output.conf.name)]
}

output "a" {
  value     = terraform_data.a.output
  sensitive = true
}

output "b" {
  value     = terraform_data.b
  sensitive = true
}

output "open" {
  value = terraform_data.a.output.open
}
