variable "n" {
  default = 1
}

resource "terraform_data" "a" {
  input = var.n
}

resource "terraform_data" "b" {
  count = 2
  input = terraform_data.a.output
}

module "m" {
  source = "./m"
  input  = terraform_data.b[0].output
}

output "o" {
  value = module.m.o
}
