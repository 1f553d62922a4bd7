import {
  to = terraform_data.a
  id = "one"
}

resource "terraform_data" "a" {
  input = "changed"

  lifecycle {
    ignore_changes = [triggers_replace]
  }
}
