resource "terraform_data" "known_keys" {
  for_each = { a = 1 }
  input    = each.value
}

output "missing" {
  value = terraform_data.known_keys["b"].input
}
