locals {
  one = 1
}

resource "terraform_data" "a" {
  lifecycle {
    precondition {
      condition     = local.one
      error_message = "x"
    }

    precondition {
      condition     = local.one == 1 ? null : true
      error_message = "x"
    }

    precondition {
      condition     = local.one == 2
      error_message = local.one == 1 ? null : "x"
    }

    precondition {
      condition     = local.one == 2
      error_message = "The last: ${local.one}"
    }
  }
}
