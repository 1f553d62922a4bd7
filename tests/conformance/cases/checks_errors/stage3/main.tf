check "scoped" {
  data "terraform_remote_state" "gone" {
    backend = "local"
    config  = { path = "store/missing.tfstate" }
  }

  assert {
    condition     = true
    error_message = "x"
  }
}

output "outside" {
  value = data.terraform_remote_state.gone.outputs
}
