variable "v" {
  default = 1
}

resource "terraform_data" "a" {
  lifecycle {
    replace_triggered_by = [var.v]
  }
}

resource "terraform_data" "b" {
  lifecycle {
    replace_triggered_by = [terraform_data.missing, terraform_data.a.nothing, data.terraform_remote_state.x]
  }
}

resource "terraform_data" "c" {
  count = 1

  lifecycle {
    replace_triggered_by = [terraform_data.a[each.key]]
  }
}

resource "terraform_data" "d" {
  lifecycle {
    replace_triggered_by = terraform_data.a
  }
}
