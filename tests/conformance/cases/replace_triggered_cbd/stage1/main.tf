variable "n" {
  default = 1
}

resource "terraform_data" "base" {
  triggers_replace = var.n

  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "user" {
  input = "fixed"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.base]
  }
}

resource "terraform_data" "last" {
  input = terraform_data.user.id
}
