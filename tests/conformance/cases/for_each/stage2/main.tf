locals {
  sizes = {
    small   = 1
    large   = 4
    "x y/z" = 5
  }
}

resource "terraform_data" "by_map" {
  for_each = local.sizes
  input    = { key = each.key, value = each.value * 10 }
}

resource "terraform_data" "by_set" {
  for_each = toset([for name in ["b", "d"] : upper(name)])
  input    = "${each.key}=${each.value}"
}

resource "terraform_data" "chained" {
  for_each = terraform_data.by_map
  input    = each.value.output
}

output "by_map" {
  value = { for key, object in terraform_data.by_map : key => object.output.value }
}

output "keys" {
  value = keys(terraform_data.chained)
}
