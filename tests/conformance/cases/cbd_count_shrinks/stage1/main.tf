variable "n" {
  default = 3
}

resource "terraform_data" "a" {
  count            = var.n
  triggers_replace = var.n

  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "b" {
  count = var.n
  input = terraform_data.a[count.index].id
}

output "ids" {
  value = length(terraform_data.a)
}
