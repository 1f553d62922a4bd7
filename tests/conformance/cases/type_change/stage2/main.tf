resource "terraform_data" "a" {
  input            = 5
  triggers_replace = toset(["x"])
}

resource "terraform_data" "b" {
  input = { a = null }
}

resource "terraform_data" "c" {
  input = []
}
