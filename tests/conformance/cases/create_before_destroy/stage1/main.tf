variable "generation" {
  default = 1
}

resource "terraform_data" "base" {
  triggers_replace = var.generation
  input            = "base-${var.generation}"
}

resource "terraform_data" "middle" {
  triggers_replace = [terraform_data.base.id]
  input            = terraform_data.base.output
}

resource "terraform_data" "top" {
  triggers_replace = { id = terraform_data.middle.id }

  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "side" {
  triggers_replace = var.generation
}
