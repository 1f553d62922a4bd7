import {
  to = terraform_data.a
  id = "imported-id"
}

resource "terraform_data" "a" {
}

import {
  for_each = { x = "id-x", y = "id-y" }
  to       = terraform_data.many[each.key]
  id       = each.value
}

resource "terraform_data" "many" {
  for_each = toset(["x", "y", "z"])
  input    = each.key
}
