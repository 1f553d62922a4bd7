resource "terraform_data" "a" {
  input = "a"
}

output "late" {
  value = terraform_data.a.id

  precondition {
    condition     = length(terraform_data.a.id) < 2
    error_message = "Too long."
  }
}

module "m" {
  source = "./m"
  id     = terraform_data.a.id
}
