resource "terraform_data" "source" {
  input = "a"
}

resource "terraform_data" "known_keys" {
  for_each = { a = terraform_data.source.output }
  input    = each.value
}
