override_resource {
    target = terraform_data.a
    values = { id = {}, nope = 1, input = "x" }
}
run "planid" { 
  command = plan
  assert {
    condition = terraform_data.a.input == "zz"
    error_message = "x"
  }
}
run "a" { 
}
