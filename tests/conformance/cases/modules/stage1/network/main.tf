variable "cidr" {
  type = string
}

variable "name" {
  type = string
}

resource "terraform_data" "vpc" {
  input = { cidr = var.cidr, name = "vpc-${var.name}" }
}

module "subnet" {
  source = "./subnet"
  count  = 2
  cidr   = cidrsubnet(var.cidr, 8, count.index)
}

output "subnets" {
  description = "The subnets' ranges."
  value       = module.subnet[*].cidr
}
