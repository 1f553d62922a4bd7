resource "terraform_data" "kept" {
  count = 2
}

resource "terraform_data" "destroyed" {
  input = 1
}

module "m" {
  source = "./m"
}
