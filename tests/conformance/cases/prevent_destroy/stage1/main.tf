variable "n" {
  default = 1
}

resource "terraform_data" "guarded" {
  triggers_replace = var.n

  lifecycle {
    prevent_destroy = true
  }
}
