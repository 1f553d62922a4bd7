resource "terraform_data" "b" {
  input = 0
}

resource "terraform_data" "c" {
  for_each = { one = 1 }
  input    = each.value
}

resource "terraform_data" "x" {
  input = "x"
}
