output "a" {
  value = output.b
}

output "b" {
  value = terraform_data.missing.id
}

output "c" {
  value      = 1
  depends_on = [terraform_data.missing]
}
