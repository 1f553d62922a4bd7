override_data {
    target = data.terraform_remote_state.r
    values = { outputs = 7, backend = "x", defaults = 7 }
}
run "planid" { 
  assert {
    condition = data.terraform_remote_state.r.outputs == 1 || data.terraform_remote_state.r.backend == "zz" || data.terraform_remote_state.r.defaults == "zz"
    error_message = "x"
  }
}
