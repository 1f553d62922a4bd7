resource "terraform_data" "a" {
  input = "a"
}

output "known" {
  value = "fine"

  precondition {
    condition     = 1 > 2
    error_message = "Never."
  }
}

output "late" {
  value = terraform_data.a.id

  precondition {
    condition     = length(terraform_data.a.id) < 2
    error_message = "Too long."
  }
}
