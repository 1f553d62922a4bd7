variable "n" {
  default = 2
}

resource "terraform_data" "first" {
  triggers_replace = var.n

  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "second" {
  triggers_replace = terraform_data.first.id
  input            = var.n
}
