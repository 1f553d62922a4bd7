variable "name" {}

variable "members" {
  type = list(string)
}

module "member" {
  source   = "./member"
  for_each = toset(var.members)
  label    = "${var.name}-${each.key}"
}

output "members" {
  value = [for key in sort(keys(module.member)) : module.member[key].label]
}

output "ids" {
  value = { for key, member in module.member : key => member.id }
}
