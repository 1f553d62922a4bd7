locals {
  duplicate = { for item in ["a", "a"] : item => item }
}

output "duplicate" {
  value = local.duplicate
}

output "number" {
  value = [for item in 5 : item]
}

output "text" {
  value = [for item in "abc" : item]
}

output "nothing" {
  value = [for item in null : item]
}

output "condition" {
  value = [for item in ["a"] : item if "maybe"]
}

output "null_key" {
  value = { for item in [null] : item => 1 }
}

output "object_key" {
  value = { for item in [{}] : item => 1 }
}
