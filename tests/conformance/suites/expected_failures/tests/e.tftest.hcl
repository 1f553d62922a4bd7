variables { name = "file" }
run "pre" {
  variables { name = "pre" }
  expect_failures = [output.o]
}
