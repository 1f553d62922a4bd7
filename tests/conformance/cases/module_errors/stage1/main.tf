module "child" {
  source  = "./child"
  unknown = 1
}

output "missing" {
  value = module.child.nothing
}

output "absent" {
  value = module.absent.nothing
}
