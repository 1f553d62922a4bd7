variable "n" {}

resource "terraform_data" "x" {
  count = 2
  input = var.n + count.index

  lifecycle {
    postcondition {
      condition     = self.output < 100
      error_message = "Way too big."
    }
  }
}

check "inner" {
  assert {
    condition     = alltrue([for x in terraform_data.x : x.output < 10])
    error_message = "A big one."
  }
}

output "n" {
  value = var.n

  precondition {
    condition     = var.n > 0
    error_message = "Not positive."
  }
}
