data "terraform_remote_state" "s" {
  backend = "local"
  config  = { path = "store/other.tfstate" }
}

output "hidden" {
  value = data.terraform_remote_state.s.outputs.hidden
}
