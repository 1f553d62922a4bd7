variable "n" {
  default = 1
}

resource "terraform_data" "a" {
  input = var.n
}

resource "terraform_data" "b" {
  input = "b"

  lifecycle {
    replace_triggered_by = [terraform_data.a.output]
  }
}

resource "terraform_data" "c" {
  count = 2
  input = count.index

  lifecycle {
    replace_triggered_by = [terraform_data.b]
  }
}

resource "terraform_data" "d" {
  count = 2
  input = "d"

  lifecycle {
    replace_triggered_by = [terraform_data.c[count.index].id]
  }
}

resource "terraform_data" "e" {
  for_each = toset(["x", "y"])
}

resource "terraform_data" "f" {
  for_each = toset(["x", "y"])

  lifecycle {
    replace_triggered_by = [terraform_data.e[each.key].input, terraform_data.c[0]]
  }
}
