variables { name = "file" }
run "chk" {
  variables { name = "chk" }
}
run "badref" {
  command = plan
  expect_failures = [foo, local.x, "var.name", var.name, module.x, output.o]
}
