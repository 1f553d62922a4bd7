resource "terraform_data" "a" {
  input            = { list = ["a", "b"], set = toset(["x", "y"]), n = 1.50 }
  triggers_replace = ["x", 1, null]
}

resource "terraform_data" "b" {
  for_each = terraform_data.a.input.set
  input    = terraform_data.a.output
}

output "a" {
  value = terraform_data.a
}
