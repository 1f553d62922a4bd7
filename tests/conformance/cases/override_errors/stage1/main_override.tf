variable "missing" {
  default = 1
}

resource "terraform_data" "missing" {
}

output "missing" {
  value = 1
}

module "missing" {
  source = "./m"
}

moved {
  from = terraform_data.a
  to   = terraform_data.b
}
