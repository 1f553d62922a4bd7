module "m" {
  source   = "./m"
  for_each = toset(["a", "b"])
  name     = each.key
}

removed {
  from = module.m.terraform_data.y

  lifecycle {
    destroy = false
  }
}
