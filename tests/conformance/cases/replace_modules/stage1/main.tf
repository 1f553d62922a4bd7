module "m" {
  source = "./m"
  count  = 2
  n      = count.index
}

output "all" {
  value = module.m[*].out
}
