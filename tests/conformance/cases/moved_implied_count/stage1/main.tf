resource "terraform_data" "a" {
}

resource "terraform_data" "b" {
  count = 1
}

module "m" {
  source = "./m"
}
