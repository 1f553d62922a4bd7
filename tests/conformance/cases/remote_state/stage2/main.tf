terraform {
  backend "local" {
    path = "store/app.tfstate"
  }
}

data "terraform_remote_state" "network" {
  backend = "local"
  config = {
    path = "store/network.tfstate"
  }
}

data "terraform_remote_state" "defaults" {
  backend = "local"
  config = {
    path = "${path.module}/store/network.tfstate"
  }
  defaults = {
    plain = 6
    extra = "default"
  }
}

resource "terraform_data" "app" {
  input = data.terraform_remote_state.network.outputs.vpc.subnets
}

output "vpc" {
  value = data.terraform_remote_state.network.outputs.vpc.id
}

output "extra" {
  value = data.terraform_remote_state.defaults.outputs.extra
}

output "secret" {
  value     = data.terraform_remote_state.network.outputs.secret
  sensitive = true
}
