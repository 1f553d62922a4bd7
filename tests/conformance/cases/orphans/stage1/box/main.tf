variable "input" {}

resource "terraform_data" "in" {
  input = var.input
}

resource "terraform_data" "after" {
  input      = "after"
  depends_on = [terraform_data.in]
}
