moved {
  from = terraform_data.a
  to   = terraform_data.b
}

moved {
  from = terraform_data.b
  to   = terraform_data.c
}

moved {
  from = terraform_data.c
  to   = module.m.terraform_data.d
}

moved {
  from = terraform_data.list
  to   = module.m.terraform_data.list
}

module "m" {
  source = "./m"
}
