resource "terraform_data" "a" {
  input  = var.missing
  inputs = 1
  output = 2
}

resource "terraform_data" "b" {
  input = terraform_data.c.id
}

locals {
  x = local.y
  j = data.terraform_remote_state.gone.outputs
  k = each.key
  l = count.index
  m = self.id
  n = path.nothing
  o = terraform.nothing
}
