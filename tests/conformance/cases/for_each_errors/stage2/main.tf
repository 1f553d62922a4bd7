resource "terraform_data" "outside" {
  input = each.key
}

resource "terraform_data" "counted" {
  count = 1
  input = each.value
}
