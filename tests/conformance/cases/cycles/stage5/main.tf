module "m" {
  source     = "./m"
  in         = terraform_data.a.id
  depends_on = [terraform_data.b]
}

resource "terraform_data" "a" {
}

resource "terraform_data" "b" {
  input = module.m.out
}
