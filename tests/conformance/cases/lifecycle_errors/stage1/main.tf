variable "flag" {
  default = true
}

resource "terraform_data" "a" {
  lifecycle {
    create_before_destroy = var.flag
  }
}

resource "terraform_data" "b" {
  lifecycle {
    prevent_destroy = "perhaps"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "terraform_data" "c" {
  lifecycle {
    unknown = true

    precondition {
      condition = true
    }

    postcondition {
      error_message = "x"
    }
  }
}

data "terraform_remote_state" "d" {
  backend = "local"

  lifecycle {
    create_before_destroy = true
  }
}
