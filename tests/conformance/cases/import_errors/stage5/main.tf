import {
  to = terraform_data.a
}

import {
  id = "x"
}

import {
  to = data.terraform_remote_state.x
  id = "x"
}

resource "terraform_data" "a" {
}
