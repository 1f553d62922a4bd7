variable "v" {
  type        = string
  default     = "base"
  description = "Base."
}

resource "terraform_data" "a" {
  count = 2
  input = { base = true, index = count.index }

  lifecycle {
    create_before_destroy = true
  }
}

module "m" {
  source = "./m"
  value  = "base"
}

output "o" {
  value       = "base"
  description = "Base."
}

output "m" {
  value = module.m.value
}

locals {
  unused = 0
}
