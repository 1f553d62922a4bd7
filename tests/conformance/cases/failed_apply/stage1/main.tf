resource "terraform_data" "good" {
  input = "good"
}

resource "terraform_data" "bad" {
  input = terraform_data.good.output

  lifecycle {
    postcondition {
      condition     = self.output == "other"
      error_message = "It is ${self.output}."
    }
  }
}

resource "terraform_data" "after" {
  input = terraform_data.bad.output
}

output "after" {
  value = terraform_data.after.output
}

output "good" {
  value = terraform_data.good.output
}
