resource "terraform_data" "a" {
  input = { x = "1" }
}

locals {
  missing = terraform_data.a.missing
  index   = terraform_data.a[0]
  key     = terraform_data.a["k"].id
}

output "o" {
  value = [terraform_data.a.id.x, terraform_data.a.id[0]]
}
