resource "terraform_data" "a" {
  input = "k"
}

resource "terraform_data" "b" {
  for_each = { one = terraform_data.a.id, two = terraform_data.a.output }
  input    = each.value
}

resource "terraform_data" "c" {
  for_each = terraform_data.b
  input    = each.value.output
}

resource "terraform_data" "map" {
  input = { (terraform_data.a.output) = 1, fixed = 2 }
}

module "m" {
  source   = "./m"
  for_each = terraform_data.c
  id       = each.value.id
}

output "keys" {
  value = [keys(terraform_data.c), keys(module.m)]
}
