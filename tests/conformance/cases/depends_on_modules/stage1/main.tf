module "first" {
  source = "./modules/one"
  input  = "a"
}

module "second" {
  source     = "./modules/one"
  input      = "b"
  depends_on = [module.first]
}

resource "terraform_data" "last" {
  input      = "c"
  depends_on = [module.second, terraform_data.none]
}

resource "terraform_data" "none" {
  count = 0
}

output "late" {
  value      = "fixed"
  depends_on = [terraform_data.last]
}
