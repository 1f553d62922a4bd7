resource "terraform_data" "a" {
  input = { name = "web", ports = [80, 443], nested = { x = 1 } }
}

locals {
  out = terraform_data.a.output
}

resource "terraform_data" "b" {
  input = {
    arithmetic  = length(local.out.ports) + 1
    attribute   = local.out.name
    index       = local.out["nested"]["x"]
    template    = "name=${local.out.name}!"
    conditional = local.out.name == "web" ? "yes" : "no"
    for_tuple   = [for port in [1, 2] : "${port}-${local.out.name}"]
    for_object  = { for key in ["p", "q"] : key => local.out.name }
    for_unknown = [for port in local.out.ports : port + 1]
    splat       = local.out[*].name
    function    = upper(local.out.name)
    coalesced   = coalesce(local.out.name, "other")
    tried       = try(local.out.missing, "fallback")
    merged      = merge({ a = 1 }, { b = local.out.name })
    negated     = !(local.out.name == "web")
    logic       = local.out.name == "web" && true
    tuple       = [local.out.name, "known"]
    map         = tomap({ a = local.out.name, b = "known" })
    set         = toset([local.out.name, "known"])
    json        = jsonencode({ a = local.out.name })
    static      = "known"
  }
}

resource "terraform_data" "c" {
  triggers_replace = [local.out.name, "fixed"]
  input            = terraform_data.b.output.tuple
}

output "whole" {
  value = terraform_data.b.output
}

output "part" {
  value = { known = 1, unknown = local.out.name }
}

output "id_length" {
  value = length(terraform_data.a.id)
}

output "types" {
  value = [tostring(local.out.name), tolist([local.out.name]), can(local.out.name)]
}
