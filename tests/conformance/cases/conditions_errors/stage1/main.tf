resource "terraform_data" "a" {
  lifecycle {
    precondition {
      condition     = self.id != ""
      error_message = "x"
    }

    postcondition {
      condition     = terraform_data.a.id != ""
      error_message = "x"
    }
  }
}

resource "terraform_data" "b" {
  lifecycle {
    precondition {
      condition     = terraform_data.b.id != ""
      error_message = "x"
    }

    precondition {
      condition     = true
      error_message = "x"
    }
  }
}
