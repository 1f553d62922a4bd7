import {
  for_each = toset(["a"])
  to       = terraform_data.n[0]
  id       = "n-${each.key}"
}

resource "terraform_data" "n" {
  count = 2
}
