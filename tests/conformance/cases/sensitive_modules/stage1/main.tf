variable "s" {
  sensitive = true
  default   = "x"
}

module "m" {
  source = "./m"
  s      = var.s
  open   = "o"
}

resource "terraform_data" "a" {
  input = module.m.whole
}

output "mixed" {
  value     = module.m
  sensitive = true
}

output "open" {
  value = module.m.whole.open
}
