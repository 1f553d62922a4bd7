resource "terraform_data" "a" {
  for_each = toset(["0", "1"])
}

resource "terraform_data" "b" {
  for_each = toset(["0", "1"])

  lifecycle {
    replace_triggered_by = [terraform_data.a[tonumber(each.key)].id]
  }
}
