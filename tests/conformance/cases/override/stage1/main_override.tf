variable "v" {
  default = "overridden"
}

resource "terraform_data" "a" {
  input = "overridden"
}

locals {
  x = "overridden"
}
