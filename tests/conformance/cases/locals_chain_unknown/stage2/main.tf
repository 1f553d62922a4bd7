resource "terraform_data" "seed" {
  input = { names = ["x", "y"], size = 3 }
}

locals {
  lookup = { for name in ["p", "r"] : name => terraform_data.seed.output.size }
}

resource "terraform_data" "map" {
  for_each = local.lookup
  input    = each.value
}
