resource "terraform_data" "a" {
  input  = var.missing
  inputs = 1
  output = 2
}

resource "terraform_data" "b" {
  input = terraform_data.c.id
  dynamic "thing" {
    for_each = []
    content {}
  }
}

module "n" {
  source = "./n"
  extra  = 1
}

locals {
  x = local.y
  f = nothing(1)
  g = upper()
  h = upper("a", "b")
  i = module.n.missing
  j = data.terraform_remote_state.gone.outputs
  k = each.key
  l = count.index
  m = self.id
  n = path.nothing
  o = terraform.nothing
}
