resource "terraform_data" "path" {
  input = "store/other.tfstate"
}

data "terraform_remote_state" "late" {
  backend = "local"
  config = {
    path = terraform_data.path.output
  }
  defaults = {
    x = 1
  }
}

output "late" {
  value = data.terraform_remote_state.late.outputs
}
