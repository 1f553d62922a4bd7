resource "terraform_data" "a" {
  count = 2
  input = count.index

  lifecycle {
    postcondition {
      condition     = self.output == 0
      error_message = "Instance ${count.index} has ${self.output}."
    }
  }
}

resource "terraform_data" "after" {
  input = terraform_data.a[1].output
}
