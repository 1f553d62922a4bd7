variable "generation" {
  default = 1
}

resource "terraform_data" "base" {
  triggers_replace = var.generation
  input            = "base"
}

resource "terraform_data" "user" {
  triggers_replace = terraform_data.base.id
  input            = terraform_data.base.output
}

resource "terraform_data" "reader" {
  input = terraform_data.base.id
}
