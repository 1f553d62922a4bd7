variable "password" {
  type      = string
  sensitive = true
  default   = "hunter2"
}

variable "account" {
  type = object({
    user = string
    key  = string
  })
  sensitive = true
  default   = { user = "u", key = "k" }
}

resource "terraform_data" "whole" {
  input = var.password
}

resource "terraform_data" "nested" {
  input = {
    plain  = "p"
    secret = "x-${var.password}"
    list   = ["a", sensitive("b")]
    deep   = { account = var.account }
  }
  triggers_replace = [nonsensitive(var.account.user), var.account.key]
}

resource "terraform_data" "derived" {
  input = terraform_data.nested.output
}

output "secret" {
  value     = terraform_data.whole.output
  sensitive = true
}

output "plain" {
  value = nonsensitive(var.password)
}

output "marked" {
  value     = { a = sensitive(1), b = [2, sensitive(3)] }
  sensitive = true
}

output "is" {
  value = [issensitive(var.password), issensitive("x"), issensitive({ a = sensitive(1) })]
}
