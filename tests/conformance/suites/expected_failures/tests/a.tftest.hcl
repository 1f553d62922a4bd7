variables { 
  name = "file" 
  extra = "e"
}
run "mod" {
  module { source = "./mod" }
  variables { x = "${var.extra}-x" }
  assert {
    condition = output.y == "e-x" && terraform_data.m.output == "e-x"
    error_message = "mod"
  }
}
run "a" {
  variables { 
    name = run.mod.y 
    undeclared = 7
  }
  assert {
    condition = terraform_data.a.output == "e-x"
    error_message = "no"
  }
  assert {
    condition = run.mod.y == "e-x"
    error_message = "no"
  }
  assert {
    condition = terraform_data.a.output == "zz"
    error_message = "no"
  }
}
run "post" {
  variables { name = "post" }
  expect_failures = [terraform_data.a]
}
