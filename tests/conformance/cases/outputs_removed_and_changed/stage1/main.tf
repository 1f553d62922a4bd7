resource "terraform_data" "a" {
  input = "x"
}

output "kept" {
  value = terraform_data.a.output
}

output "changed" {
  value = ["a", 1, true]
}

output "hidden" {
  value     = "s"
  sensitive = true
}

output "gone" {
  value = { id = terraform_data.a.id }
}

output "nothing" {
  value = null
}
