import {
  to = terraform_data.a
  id = "one"
}

resource "terraform_data" "a" {
  input            = "later"
  triggers_replace = ["x"]
}

resource "terraform_data" "b" {
  input = terraform_data.a.id
}
