override_module {
  target  = module.m[0]
  outputs = { x = "zero" }
}
override_data {
  target = data.terraform_remote_state.r
  values = { outputs = { x = "x" } }
}
run "keyed" {
  assert {
    condition     = output.m == tolist(["a"])
    error_message = "m"
  }
}
