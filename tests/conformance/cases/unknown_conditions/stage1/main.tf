resource "terraform_data" "a" {
  input = 5
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

output "checked" {
  value = terraform_data.b.id

  precondition {
    condition     = terraform_data.b.output == 1
    error_message = "Not one."
  }
}

resource "terraform_data" "counted" {
  count = 2
  input = count.index

  lifecycle {
    precondition {
      condition     = count.index < 5
      error_message = "No."
    }
  }
}
