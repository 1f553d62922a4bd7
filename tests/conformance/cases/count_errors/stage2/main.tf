resource "terraform_data" "source" {
  input = 3
}

resource "terraform_data" "unknown" {
  count = terraform_data.source.output
}
