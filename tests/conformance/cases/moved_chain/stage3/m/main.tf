resource "terraform_data" "d" {
  input = "a"
}

resource "terraform_data" "list" {
  for_each = { two = 2 }
  input    = each.value
}
