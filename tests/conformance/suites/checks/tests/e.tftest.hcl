run "inner" {
  command = plan
  variables { name = "inner" }
  expect_failures = [check.data]
}
