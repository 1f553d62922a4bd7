resource "terraform_data" "many" {
  count = "2"
}

resource "terraform_data" "whole" {
  input = terraform_data.many.id
}
