resource "terraform_data" "a" {
  input = 2
}

resource "terraform_data" "b" {
  input = 1

  lifecycle {
    precondition {
      condition     = terraform_data.a.output > 3
      error_message = "Too small."
    }
  }
}
