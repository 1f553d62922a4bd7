locals {
  list   = [{ a = 1, b = { c = [1, 2] } }, { a = 2, b = { c = [3] } }]
  one    = { a = 7 }
  none   = null
  empty  = []
  nested = [[{ x = 1 }, { x = 2 }], [{ x = 3 }]]
}

resource "terraform_data" "n" {
  count = 2
  input = { index = count.index, tags = ["t${count.index}"] }
}

output "full" {
  value = local.list[*].a
}

output "full_index" {
  value = local.list[*].b.c[0]
}

output "legacy" {
  value = local.list.*.a
}

output "legacy_index" {
  value = local.list.*.b.c[0]
}

output "of_one" {
  value = local.one[*].a
}

output "of_null" {
  value = local.none[*]
}

output "of_empty" {
  value = local.empty[*].a
}

output "of_number" {
  value = 5[*]
}

output "nested" {
  value = local.nested[*][*].x
}

output "nested_first" {
  value = local.nested[*][0].x
}

output "resources" {
  value = terraform_data.n[*].output
}

output "resources_legacy" {
  value = terraform_data.n.*.output.index
}

output "of_set" {
  value = toset(["b", "a"])[*]
}

output "of_map_values" {
  value = values({ b = { v = 2 }, a = { v = 1 } })[*].v
}
