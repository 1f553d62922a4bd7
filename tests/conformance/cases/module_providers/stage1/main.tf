terraform {
  required_providers {
    local = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

provider "local" {
  alias = "second"
}

resource "terraform_data" "root" {
  provider = local.second
  input    = 1
}

module "child" {
  source = "./child"
  providers = {
    local.one = local
    local.two = local.second
  }
}
