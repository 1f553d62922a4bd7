locals {
  ids = {
    a = "id-a"
    b = "id-b"
  }
}

import {
  for_each = local.ids
  to       = module.m[each.key].terraform_data.x
  id       = each.value
}

module "m" {
  source   = "./m"
  for_each = local.ids
}
