module "child" {
  source   = "./child"
  count    = 2
  required = "x"
}

output "whole" {
  value = module.child.id
}
