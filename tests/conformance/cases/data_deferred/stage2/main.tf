resource "terraform_data" "path" {
  input = "store/other.tfstate"
}

data "terraform_remote_state" "late" {
  backend = "local"
  config = {
    path = "store/other.tfstate"
  }
  defaults   = { x = 2 }
  depends_on = [terraform_data.path]
}

output "late" {
  value = data.terraform_remote_state.late.outputs
}
