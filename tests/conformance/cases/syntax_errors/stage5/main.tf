resource "terraform_data" "a" {
  unknown_argument = 1

  block {
  }
}

resource "terraform_nothing" "a" {
}
