variable "v" {
  type    = number
  default = 5
}

resource "terraform_data" "a" {
  input = { first = var.v }

  lifecycle {
    ignore_changes = [triggers_replace]
  }
}

module "m" {
  source = "./n"
}

output "o" {
  value     = "first"
  sensitive = true
}
