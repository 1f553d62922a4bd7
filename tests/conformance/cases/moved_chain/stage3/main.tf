moved {
  from = module.m
  to   = module.n["x"]
}

module "n" {
  source   = "./m"
  for_each = toset(["x", "y"])
}
