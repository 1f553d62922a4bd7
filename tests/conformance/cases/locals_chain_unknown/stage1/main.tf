resource "terraform_data" "seed" {
  input = { names = ["x", "y"], size = 2 }
}

locals {
  names  = terraform_data.seed.output.names
  upper  = [for name in ["p", "q"] : "${name}-${terraform_data.seed.id}"]
  lookup = { for name in ["p", "q"] : name => terraform_data.seed.output.size }
  count  = length(local.upper)
}

resource "terraform_data" "per" {
  count = local.count
  input = local.upper[count.index]
}

resource "terraform_data" "map" {
  for_each = local.lookup
  input    = each.value
}

output "names" {
  value = local.names
}

output "joined" {
  value = join(",", local.upper)
}
