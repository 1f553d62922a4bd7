resource "terraform_data" "a" {
  input = "b"
}

output "o" {
  value = "new ${terraform_data.a.output}"
}
