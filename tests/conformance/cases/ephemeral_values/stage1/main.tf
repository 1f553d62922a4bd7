# Ephemeral variables and outputs flow through locals and modules; none of them is stored.
variable "with_default" {
  type      = string
  ephemeral = true
  default   = "d"
}
variable "given" {
  type      = object({ user = string, password = string })
  ephemeral = true
  validation {
    condition     = length(var.given.password) > 3
    error_message = "Too short."
  }
}
variable "stored" {
  type = string
}
locals {
  login = "${var.given.user}:${var.given.password}"
}
module "m" {
  source = "./m"
  token  = local.login
}
output "none" {
  value = ephemeralasnull(module.m.token)
}
output "when" {
  value = ephemeralasnull(terraform.applying)
}
output "mixed" {
  value = ephemeralasnull({ a = "kept", b = var.with_default, c = [var.given.user, var.stored] })
}
resource "terraform_data" "d" {
  input = var.stored
  lifecycle {
    precondition {
      condition     = module.m.token != ""
      error_message = "gone"
    }
    postcondition {
      condition     = var.with_default == "d"
      error_message = "changed"
    }
  }
}
check "c" {
  assert {
    condition     = var.with_default == "y"
    error_message = "no ${var.with_default}"
  }
}
