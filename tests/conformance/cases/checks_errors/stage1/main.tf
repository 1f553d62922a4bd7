check "a" {
}

check "b" {
  assert {
    condition     = terraform_data.missing.id == ""
    error_message = "x"
  }

  data "terraform_remote_state" "x" {
    backend = "local"
  }

  data "terraform_remote_state" "y" {
    backend = "local"
  }
}

check "b" {
  assert {
    condition     = true
    error_message = "x"
  }
}
