variable "n" {
  default = 1
}

resource "terraform_data" "first" {
  triggers_replace = var.n

  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "second" {
  triggers_replace = terraform_data.first.id
  input            = var.n

  lifecycle {
    create_before_destroy = true

    postcondition {
      condition     = self.output < 2
      error_message = "Too many."
    }
  }
}
