variable "n" {
  default = 1
}

resource "terraform_data" "a" {
  triggers_replace = var.n
}

resource "terraform_data" "b" {
  triggers_replace = terraform_data.a.id
}

resource "terraform_data" "c" {
  triggers_replace = terraform_data.b.id

  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "d" {
  input = terraform_data.c.id
}
