resource "terraform_data" "a" {
  input = { name = "db", ports = [5432], nested = { x = 1 } }
}

locals {
  out = terraform_data.a.output
}

resource "terraform_data" "b" {
  input = {
    attribute   = local.out.name
    index       = local.out["nested"]["x"]
    conditional = local.out.name == "web" ? "yes" : "no"
    splat       = local.out[*].name
    static      = "known"
  }
}

resource "terraform_data" "c" {
  triggers_replace = [local.out.name, "fixed"]
}

output "part" {
  value = { known = 1, unknown = local.out.name }
}
