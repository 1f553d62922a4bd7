variable "region" {
  type = string
}

variable "size" {}

output "region" {
  value = var.region
}
