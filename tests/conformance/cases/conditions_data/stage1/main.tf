variable "x" {
  default = 1
}

data "terraform_remote_state" "s" {
  backend  = "local"
  config   = { path = "store/other.tfstate" }
  defaults = { x = var.x }

  lifecycle {
    precondition {
      condition     = var.x < 10
      error_message = "Too big before."
    }

    postcondition {
      condition     = self.outputs.x < 5
      error_message = "Too big after: ${self.outputs.x}."
    }
  }
}

resource "terraform_data" "a" {
  input = data.terraform_remote_state.s.outputs.x
}
