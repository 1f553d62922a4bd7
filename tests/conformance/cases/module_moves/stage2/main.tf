module "b" {
  source = "./m"
}

moved {
  from = module.a
  to   = module.b
}

module "d" {
  source   = "./m"
  for_each = { one = 1 }
}

moved {
  from = module.c[1]
  to   = module.d["one"]
}

resource "terraform_data" "out" {
  input = "x"
}

moved {
  from = module.c[0].terraform_data.x
  to   = terraform_data.out
}
