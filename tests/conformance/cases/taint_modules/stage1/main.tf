module "m" {
  source   = "./m"
  for_each = { k = 1 }
}

resource "terraform_data" "user" {
  input = module.m["k"].id
}
