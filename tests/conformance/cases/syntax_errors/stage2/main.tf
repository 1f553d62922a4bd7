resource "terraform_data" {
}

resource "terraform_data" "a" "b" {
}

variable "v" {
  unknown = 1
}

thing "x" {}

resource "terraform_data" "good" {
  nope  = 1
  input = 1
  input = 2
}
