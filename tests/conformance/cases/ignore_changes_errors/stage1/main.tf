resource "terraform_data" "a" {
  lifecycle {
    ignore_changes = [nothing]
  }
}

resource "terraform_data" "b" {
  lifecycle {
    ignore_changes = [input.x, output, id]
  }
}

resource "terraform_data" "c" {
  lifecycle {
    ignore_changes = ["*"]
  }
}
