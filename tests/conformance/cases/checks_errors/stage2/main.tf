check "a" {
  assert {
    condition     = 1 / 0 > 1
    error_message = "x"
  }

  assert {
    condition     = "word"
    error_message = "x"
  }

  assert {
    condition     = false
    error_message = 1 / 0
  }
}

check "scoped" {
  data "terraform_remote_state" "gone" {
    backend = "local"
    config  = { path = "store/missing.tfstate" }
  }

  assert {
    condition     = data.terraform_remote_state.gone.outputs.x == 1
    error_message = "x"
  }
}
