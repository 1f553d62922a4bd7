resource "terraform_data" "a" {
  input = "a"
}

resource "terraform_data" "list" {
  count = 3
  input = count.index
}
