resource "terraform_data" "a" {
  input = { x = "1" }
}

resource "terraform_data" "count" {
  count = terraform_data.a.output.x
}
