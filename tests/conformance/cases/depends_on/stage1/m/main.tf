resource "terraform_data" "inside" {
  input = "in"
}

resource "terraform_data" "alone" {
  count = 2
}

output "x" {
  value = terraform_data.inside.output
}
