terraform {
  required_providers {
    local = {
      source                = "terraform.io/builtin/terraform"
      configuration_aliases = [local.one, local.two]
    }
  }
}

resource "terraform_data" "one" {
  provider = local.one
  input    = "one"
}

resource "terraform_data" "two" {
  provider = local.two
  input    = "two"
}
