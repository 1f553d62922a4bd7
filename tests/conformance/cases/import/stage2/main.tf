resource "terraform_data" "a" {
}

resource "terraform_data" "late" {
  input = 1
}

resource "terraform_data" "many" {
  for_each = toset(["x"])
  input    = each.key
}
