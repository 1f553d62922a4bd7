resource "terraform_data" "counted" {
  input = "single"
}

resource "terraform_data" "keyed" {
  count = 1
  input = "counted"
}
