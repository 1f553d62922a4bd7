removed {
  from = terraform_data.a
}

resource "terraform_data" "b" {
  input = "a"
}
