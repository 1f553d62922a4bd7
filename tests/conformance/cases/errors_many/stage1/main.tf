resource "terraform_data" "a" {
  input  = var.missing
  inputs = 1
}

resource "terraform_data" {
}

resource "terraform_data" "a" {
}

module "m" {
}

module "n" {
  source = "./n"
  extra  = 1
}

provider "terraform" {
  color = "red"
}

locals {
  x = local.y
  x = 2
}

output "o" {
  value = module.m.out
}

something "else" {
}
