variable "input" {}

resource "terraform_data" "after" {
  input = "after"
}
