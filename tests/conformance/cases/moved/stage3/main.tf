resource "terraform_data" "new" {
  input = "kept"
}

module "crate" {
  source   = "./box"
  for_each = toset(["a"])
}

moved {
  from = module.box
  to   = module.crate["a"]
}

resource "terraform_data" "counted" {
  count = 1
}

moved {
  from = terraform_data.counted["one"]
  to   = terraform_data.counted[0]
}
