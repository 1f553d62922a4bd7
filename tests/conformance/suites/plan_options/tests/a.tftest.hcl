run "target" {
  plan_options { target = [terraform_data.a] }
  assert {
    condition     = terraform_data.a.input == "d"
    error_message = "a"
  }
}
run "replace" {
  plan_options { replace = [terraform_data.a] }
  assert {
    condition     = terraform_data.a.id != run.target.a
    error_message = "not replaced"
  }
}
run "refresh_only" {
  variables { name = "other" }
  plan_options { mode = refresh-only }
  assert {
    condition     = terraform_data.a.input == "d"
    error_message = "applied"
  }
}
run "refresh_only_planned" {
  command = plan
  plan_options { mode = refresh-only }
}
run "unknown_target" {
  plan_options { target = [foo] }
}
