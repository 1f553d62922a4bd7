module "network" {
  source   = "./network"
  for_each = { east = "10.2.0.0/16" }
  cidr     = each.value
  name     = each.key
}

output "subnets" {
  value = { for name, network in module.network : name => network.subnets }
}
