module "m" {
  source = "./m"
}

output "out" {
  value = module.m.s
}
