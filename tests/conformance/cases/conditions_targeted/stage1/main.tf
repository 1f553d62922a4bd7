resource "terraform_data" "a" {
  lifecycle {
    precondition {
      condition     = terraform_data.b.input == "b"
      error_message = "x"
    }
  }
}

resource "terraform_data" "b" {
  input = "b"
}

check "c" {
  assert {
    condition     = terraform_data.a.input == null
    error_message = "x"
  }
}
