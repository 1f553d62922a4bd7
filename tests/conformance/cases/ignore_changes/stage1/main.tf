variable "n" {
  default = 1
}

resource "terraform_data" "attribute" {
  input            = "n${var.n}"
  triggers_replace = "fixed"

  lifecycle {
    ignore_changes = [input]
  }
}

resource "terraform_data" "indexed" {
  input = { kept = var.n, followed = var.n, list = [var.n, var.n] }

  lifecycle {
    ignore_changes = [input["kept"], input.list[0]]
  }
}

resource "terraform_data" "everything" {
  input            = var.n
  triggers_replace = var.n

  lifecycle {
    ignore_changes = all
  }
}

resource "terraform_data" "triggers" {
  input            = var.n
  triggers_replace = var.n

  lifecycle {
    ignore_changes = [triggers_replace]
  }
}
