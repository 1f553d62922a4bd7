resource "terraform_data" "a" {
  input = "x"
}

output "kept" {
  value = terraform_data.a.output
}

output "changed" {
  value = { a = [1, true] }
}

output "hidden" {
  value = "s"
}

output "nothing" {
  value = ""
}
