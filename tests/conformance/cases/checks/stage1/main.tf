variable "n" {
  default = 1
}

resource "terraform_data" "a" {
  input = var.n
}

check "size" {
  assert {
    condition     = terraform_data.a.output < 5
    error_message = "Too big: ${terraform_data.a.output}."
  }

  assert {
    condition     = var.n != 3
    error_message = "Three."
  }
}

check "scoped" {
  data "terraform_remote_state" "other" {
    backend  = "local"
    config   = { path = "store/other.tfstate" }
    defaults = { y = var.n }
  }

  assert {
    condition     = data.terraform_remote_state.other.outputs.x == data.terraform_remote_state.other.outputs.y
    error_message = "x is not n."
  }
}
