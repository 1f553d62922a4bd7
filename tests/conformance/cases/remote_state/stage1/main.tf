terraform {
  backend "local" {
    path = "store/network.tfstate"
  }
}

resource "terraform_data" "vpc" {
  input = { id = "vpc-1", subnets = ["a", "b"] }
}

output "vpc" {
  value = terraform_data.vpc.output
}

output "plain" {
  value = 5
}

output "secret" {
  value     = "s3"
  sensitive = true
}
