resource "terraform_data" "new" {
  input = "kept"
}

moved {
  from = terraform_data.old
  to   = terraform_data.middle
}

moved {
  from = terraform_data.middle
  to   = terraform_data.new
}

resource "terraform_data" "counted" {
  for_each = { zero = 0, one = 1 }
  input    = each.value
}

moved {
  from = terraform_data.counted[0]
  to   = terraform_data.counted["zero"]
}

moved {
  from = terraform_data.counted[1]
  to   = terraform_data.counted["one"]
}

resource "terraform_data" "single" {
  count = 1
  input = "changed"
}

module "box" {
  source = "./box"
}

moved {
  from = terraform_data.into
  to   = module.box.terraform_data.into
}
