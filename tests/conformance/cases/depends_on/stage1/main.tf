resource "terraform_data" "first" {
  input = 1
}

resource "terraform_data" "second" {
  input      = 2
  depends_on = [terraform_data.first]
}

module "m" {
  source     = "./m"
  depends_on = [terraform_data.second]
}

resource "terraform_data" "last" {
  input      = "fixed"
  depends_on = [module.m]
}

output "o" {
  value      = "fixed"
  depends_on = [terraform_data.last]
}
