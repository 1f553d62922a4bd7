test { parallel = true }
variables { a = 1 }
variables { b = 1 }
foo {}
bar = 1
run "bad name" {}
run "x" {}
run "x" {}
run "y" {
  command = foo
  plan_options {
    mode = destroy2
    refresh = "x"
    replace = [terraform_data.a[*]]
    target = [foo]
    other = 1
  }
  plan_options {}
  module { source = "./mod" }
  module { source = "" }
  variables {}
  variables {}
  parallel = "x"
  state_key = 7
  assert {}
  assert { condition = true }
  expect_failures = foo
  unknown = 1
}
run "z" {
  command = plan
  plan_options { 
    mode = refresh-only
    refresh = false
    replace = [terraform_data.a]
  }
  assert { 
     condition = true
     error_message = "x" 
  }
  expect_failures = [foo, local.x, "var.name", var.name, module.x, output.o]
}
run "w" {
  module { source = "./mod" 
    version = "1.0"
    count = 1
  }
}
run "v" {
  module {  }
  providers = { a = b.c.d }
  command = "plan"
}
provider "foo" { alias = "x" }
provider "foo" { alias = "x" }
