variable "teams" {
  type    = map(list(string))
  default = { red = ["a", "b"], blue = ["c"] }
}

module "team" {
  source   = "./modules/team"
  for_each = var.teams
  name     = each.key
  members  = each.value
}

output "all" {
  value = { for name, team in module.team : name => team.members }
}

output "first" {
  value = module.team["red"].ids["a"]
}
