variable "n" {
  type    = number
  default = 1
}

resource "terraform_data" "checked" {
  input = var.n

  lifecycle {
    precondition {
      condition     = var.n < 10
      error_message = "n is too big: ${var.n}."
    }

    postcondition {
      condition     = self.output == self.input && self.output < 5
      error_message = "The output must be the input and below 5, got ${self.output}."
    }
  }
}

output "checked" {
  value = terraform_data.checked.output

  precondition {
    condition     = terraform_data.checked.output != 3
    error_message = "Not three."
  }
}
