resource "terraform_data" "counted" {
  count = 1
  input = count.index
}

resource "terraform_data" "keyed" {
  for_each = { b = 2 }
  input    = each.value
}

module "box" {
  source   = "./box"
  for_each = toset(["y"])
  input    = 9
}
