variable "n" {
  default = 1
}

resource "terraform_data" "deep" {
  input = { x = { y = [var.n, { z = var.n }] }, other = var.n }

  lifecycle {
    ignore_changes = [input.x.y[1].z]
  }
}

resource "terraform_data" "both" {
  input            = var.n
  triggers_replace = [var.n]

  lifecycle {
    ignore_changes = [input, triggers_replace]
  }
}
