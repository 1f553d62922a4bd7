module "network" {
  source   = "./network"
  for_each = { east = "10.0.0.0/16", west = "10.1.0.0/16" }
  cidr     = each.value
  name     = each.key
}

module "app" {
  source     = "./app"
  count      = 2
  subnets    = module.network["east"].subnets
  depends_on = [module.network]
}

output "subnets" {
  value = { for name, network in module.network : name => network.subnets }
}

output "apps" {
  value = module.app[*].summary
}
