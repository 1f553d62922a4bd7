resource "terraform_data" "a" {
}

removed {
  from = terraform_data.a
}

removed {
  from = terraform_data.b[0]

  lifecycle {
    destroy = false
  }
}

removed {
  from = data.terraform_remote_state.x
}

removed {
  lifecycle {
    destroy = "maybe"
  }
}
