resource "terraform_data" "z" {
  input = "a"
}

moved {
  from = terraform_data.a
  to   = terraform_data.z
}
