variables { name = "file" }
run "p" {
  assert {
   condition = terraform_data.a.id == "x" ? null : null
   error_message = "x"
  }
  assert {
   condition = terraform_data.a.id
   error_message = "x"
  }
  assert {
   condition = terraform_data.b.id == foo.x
   error_message = "x"
  }
  assert {
   condition = output.s == "y"
   error_message = "is ${output.s}"
  }
  assert {
   condition = output.s == "x"
   error_message = "is ${output.s}"
  }
}
run "q" {
  command = plan
  variables { name = run.zz.id }
}
