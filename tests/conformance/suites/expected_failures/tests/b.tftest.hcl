variables { name = "file" }
run "pre" {
  command = plan
  variables { name = "pre" }
  expect_failures = [output.o]
}
run "chk" {
  command = plan
  variables { name = "chk" }
  expect_failures = [check.c]
}
run "chk_apply" {
  variables { name = "chk" }
  expect_failures = [check.c]
}
run "missing" {
  command = plan
  expect_failures = [check.c, output.o, var.name]
}
