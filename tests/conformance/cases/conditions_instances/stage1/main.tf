variable "bad" {
  default = []
}

resource "terraform_data" "a" {
  count = 3
  input = count.index

  lifecycle {
    precondition {
      condition     = !contains(var.bad, count.index)
      error_message = "Instance ${count.index} is bad."
    }
  }
}

resource "terraform_data" "b" {
  for_each = { x = 0, y = 1 }
  input    = terraform_data.a[each.value].output

  lifecycle {
    postcondition {
      condition     = self.output != null && self.input >= 0 && each.key != ""
      error_message = "Impossible for ${each.key}."
    }
  }
}
