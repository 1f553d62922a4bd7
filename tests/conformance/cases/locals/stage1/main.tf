locals {
  third  = "${local.second}+"
  second = local.first
  first  = var.seed
  shared = { for n in range(3) : "k${n}" => { n = n, twice = n * 2 } }
  deep   = local.shared["k2"].twice
}

locals {
  unused = 1
}

variable "seed" {
  default = "s"
}

resource "terraform_data" "l" {
  input = [local.third, local.deep]
}

output "shared" {
  value = local.shared
}
