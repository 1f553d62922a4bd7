variable "v" {
  default = "one"
}

resource "terraform_data" "a" {
  input            = var.v
  triggers_replace = var.v

  lifecycle {
    ignore_changes = all
  }
}

output "a" {
  value = terraform_data.a.output
}
