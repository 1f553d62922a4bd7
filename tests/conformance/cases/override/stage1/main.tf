variable "v" {
  default = "base"
}

resource "terraform_data" "a" {
  input            = "base"
  triggers_replace = "kept"
}

locals {
  x = "base"
  y = "kept"
}

output "o" {
  value = [var.v, local.x, local.y, terraform_data.a.input]
}
