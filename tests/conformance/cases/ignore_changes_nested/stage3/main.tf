resource "terraform_data" "bad" {
  input = 1

  lifecycle {
    ignore_changes = [missing, id]
  }
}
