resource "terraform_data" "a" {
  input = { x = 1, list = ["a", "b"] }
}

locals {
  out    = terraform_data.a.output
  id     = terraform_data.a.id
  merged = merge({ known = 1 }, { later = local.id })
  list   = concat(["k"], [local.id])
  obj    = { for k, v in { a = 1, b = 2 } : k => v == 1 ? local.id : "known" }
}

resource "terraform_data" "b" {
  input = {
    whole     = local.out
    attribute = terraform_data.a.output.x
    index     = terraform_data.a.output.list[0]
    merged    = local.merged
    keys      = keys(local.merged)
    length    = length(local.list)
    first     = local.list[0]
    obj       = local.obj
    template  = "id-${local.id}"
    prefix    = startswith("id-${local.id}", "id-")
    cond      = local.id == null ? "null" : "there"
    and       = local.id != "" && false
    or        = local.id == "x" || true
    coalesce  = coalesce("first", local.id)
    try       = try(local.id.x, "failed")
    can       = can(local.id)
    split     = length(split("-", local.id))
    join      = join(",", local.list)
    json      = jsonencode(local.merged)
    type      = [tostring(local.id), tolist([local.id]), length(toset([local.id, "a"]))]
    splat     = [for x in [terraform_data.a] : x.id]
    flatten   = flatten([["a"], [local.id]])
    lookup    = lookup(local.merged, "known", 0)
    contains  = contains(local.list, "k")
    range     = range(length(local.list))
    null      = null
  }
}

resource "terraform_data" "c" {
  input            = terraform_data.b.output
  triggers_replace = [local.id, "known"]
}

output "c" {
  value = terraform_data.c.output
}

output "partly" {
  value = local.merged
}
