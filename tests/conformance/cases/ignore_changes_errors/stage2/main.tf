resource "terraform_data" "b" {
  lifecycle {
    ignore_changes = [output, id]
  }
}

resource "terraform_data" "c" {
  lifecycle {
    ignore_changes = ["input"]
  }
}
