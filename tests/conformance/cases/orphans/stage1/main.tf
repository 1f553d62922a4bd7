resource "terraform_data" "counted" {
  count = 3
  input = count.index
}

resource "terraform_data" "keyed" {
  for_each = { a = 1, b = 2, c = 3 }
  input    = each.value
}

resource "terraform_data" "plain" {
  input = terraform_data.keyed["b"].output
}

module "box" {
  source   = "./box"
  for_each = toset(["x", "y"])
  input    = terraform_data.counted[1].output
}
