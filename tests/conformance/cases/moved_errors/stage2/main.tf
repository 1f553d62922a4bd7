resource "terraform_data" "a" {}

resource "terraform_data" "b" {}

moved {
  from = terraform_data.a
  to   = terraform_data.c
}

moved {
  from = terraform_data.x
  to   = terraform_data.b
}

moved {
  from = terraform_data.y
  to   = terraform_data.b
}
