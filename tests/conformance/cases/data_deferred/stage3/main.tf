resource "terraform_data" "path" {
  input            = "store/other.tfstate"
  triggers_replace = "new"
}

data "terraform_remote_state" "late" {
  backend = "local"
  config = {
    path = "store/other.tfstate"
  }
  defaults   = { x = 2 }
  depends_on = [terraform_data.path]
}

resource "terraform_data" "user" {
  input = data.terraform_remote_state.late.outputs.x
}

output "late" {
  value = data.terraform_remote_state.late.outputs
}
