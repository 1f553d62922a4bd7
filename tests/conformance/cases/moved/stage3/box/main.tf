resource "terraform_data" "inside" {
  input = "into"
}

moved {
  from = terraform_data.into
  to   = terraform_data.inside
}
