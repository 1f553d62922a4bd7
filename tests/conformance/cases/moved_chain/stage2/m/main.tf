resource "terraform_data" "d" {
  input = "a"
}

moved {
  from = terraform_data.list[2]
  to   = terraform_data.list["two"]
}

resource "terraform_data" "list" {
  for_each = { two = 2 }
  input    = each.value
}
