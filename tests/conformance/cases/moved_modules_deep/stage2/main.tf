moved {
  from = module.a[0].module.b["x"].terraform_data.r
  to   = terraform_data.out
}

moved {
  from = module.a[1]
  to   = module.c
}

resource "terraform_data" "out" {
  input = "x in b"
}

module "c" {
  source = "./a"
}
