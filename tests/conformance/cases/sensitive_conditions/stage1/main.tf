variable "s" {
  sensitive = true
  default   = "x"
}

resource "terraform_data" "a" {
  input = "a"

  lifecycle {
    precondition {
      condition     = var.s == "x"
      error_message = "The secret is wrong."
    }

    postcondition {
      condition     = self.output != var.s
      error_message = "The secret is ${var.s}."
    }
  }
}

check "c" {
  assert {
    condition     = var.s == "z"
    error_message = "No z."
  }

  assert {
    condition     = var.s == "z"
    error_message = "No z: ${var.s}."
  }
}
