variable "path" {
  sensitive = true
  default   = "store/other.tfstate"
}

data "terraform_remote_state" "s" {
  backend = "local"
  config  = { path = var.path }
}

resource "terraform_data" "a" {
  input = data.terraform_remote_state.s.outputs
}

output "x" {
  value = data.terraform_remote_state.s.outputs.x
}

output "config" {
  value     = data.terraform_remote_state.s.config
  sensitive = true
}
