resource "terraform_data" "a" {
  triggers_replace = null
}

resource "terraform_data" "b" {
  input = { a = "set" }
}

resource "terraform_data" "c" {
}
