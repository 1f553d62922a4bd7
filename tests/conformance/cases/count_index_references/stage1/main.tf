variable "zones" {
  type    = list(string)
  default = ["a", "b", "c"]
}

resource "terraform_data" "subnet" {
  count = length(var.zones)
  input = { zone = var.zones[count.index], cidr = cidrsubnet("10.0.0.0/16", 8, count.index) }
}

resource "terraform_data" "route" {
  count = length(terraform_data.subnet)
  input = terraform_data.subnet[count.index].id
}

resource "terraform_data" "pairs" {
  for_each = { for pair in setproduct(var.zones, ["tcp", "udp"]) : "${pair[0]}-${pair[1]}" => pair }
  input    = each.value
}

output "cidrs" {
  value = terraform_data.subnet[*].input.cidr
}

output "ids" {
  value = [for route in terraform_data.route : route.input]
}
