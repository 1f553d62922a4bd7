moved {
  from = terraform_data.a
  to   = terraform_data.b
}

resource "terraform_data" "b" {
  input = "b"
}

moved {
  from = terraform_data.n[0]
  to   = terraform_data.n[1]
}

resource "terraform_data" "n" {
  count = 2
}
