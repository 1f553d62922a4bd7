terraform {
  backend "local" {
    path = "store/app.tfstate"
  }
}

data "terraform_remote_state" "missing" {
  backend = "local"
  config = {
    path = "store/none.tfstate"
  }
}

output "x" {
  value = data.terraform_remote_state.missing.outputs
}
