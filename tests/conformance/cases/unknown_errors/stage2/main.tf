resource "terraform_data" "a" {
  input = { x = "1" }
}

resource "terraform_data" "each" {
  for_each = toset([terraform_data.a.id])
}

module "m" {
  source   = "./m"
  for_each = { for k in [terraform_data.a.id] : k => 1 }
}
