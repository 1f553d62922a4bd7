resource "terraform_data" "a" {
  input = { x = "1" }
}

output "late" {
  value = terraform_data.a.output.nothing
}

output "add" {
  value = terraform_data.a.output.x + 1
}

resource "terraform_data" "b" {
  input = element(terraform_data.a.output.x, 0)
}
