variable "name" { default = "d" }
resource "terraform_data" "a" { 
  input = var.name
}
resource "terraform_data" "c" { 
  count = 2
  input = terraform_data.a.id
}
data "terraform_remote_state" "r" {
  backend = "local"
  config = { path = "nope.tfstate" }
}
module "m" { source = "./mod" }
output "o" { value = terraform_data.a.output  }
output "id" { value = terraform_data.a.id  }
output "m" { value = module.m.x  }
output "r" { value = data.terraform_remote_state.r.outputs  }
