variable "secret" {
  default   = ["a"]
  sensitive = true
}

resource "terraform_data" "a" {
  for_each = toset(var.secret)
}

resource "terraform_data" "b" {
  count = length(var.secret)
}

resource "terraform_data" "c" {
  for_each = { for name in var.secret : name => 1 }
}

output "plain" {
  value = var.secret
}
