module "net" {
  source   = "./net"
  for_each = toset(["a", "b"])
  name     = each.key
}

module "app" {
  source = "./app"
  net    = module.net["a"].id
}

resource "terraform_data" "last" {
  input = module.app.id
}

output "last" {
  value = terraform_data.last.output
}
