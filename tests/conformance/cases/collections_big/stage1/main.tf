variable "n" {
  default = 150
}

resource "terraform_data" "many" {
  count = var.n
  input = count.index % 10
}

resource "terraform_data" "each" {
  for_each = { for i in range(20) : format("k%02d", i) => i }
  input    = terraform_data.many[each.value].output
}

locals {
  all    = [for r in terraform_data.many : r.input]
  groups = { for i in local.all : "g${i}" => i... }
  set    = toset(local.all)
  nested = [for i in range(5) : { for j in range(5) : "${i}-${j}" => i * j }]
}

output "sum" {
  value = sum(local.all)
}

output "groups" {
  value = { for k, v in local.groups : k => length(v) }
}

output "set" {
  value = [local.set, length(local.set)]
}

output "nested" {
  value = local.nested
}

output "chunks" {
  value = [for c in chunklist(range(23), 5) : join(",", c)]
}
