resource "terraform_data" "a" {
  input = "x"
}

locals {
  id = terraform_data.a.id
}

output "prefix" {
  value = startswith("arn-${local.id}", "arn-")
}

output "not_null" {
  value = "x${local.id}" == null
}

output "id_null" {
  value = local.id == null
}

output "length" {
  value = length(["${local.id}", "b"])
}

output "set_length" {
  value = length(toset([local.id, "b"])) > 0
}

output "coalesced" {
  value = coalesce("x${local.id}", "b")
}

output "or" {
  value = true || local.id == "x"
}

output "and" {
  value = false && local.id == "x"
}

output "lookup" {
  value = lookup({ a = "known" }, "a", local.id)
}

output "keys" {
  value = keys({ a = local.id })
}

output "values" {
  value = values({ a = local.id, b = "c" })
}

output "element" {
  value = element([local.id, "known"], 1)
}

output "concat" {
  value = concat([local.id], ["known"])
}

output "flatten" {
  value = flatten([[local.id], ["known"]])
}

output "contains" {
  value = contains([local.id, "known"], "known")
}

output "conditional_number" {
  value = local.id == "x" ? 1 : 2
}

output "conditional_list" {
  value = local.id == "x" ? ["a"] : ["b"]
}
