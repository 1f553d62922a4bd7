run "inside" {
  command = plan
  variables { name = "inside" }
  expect_failures = [check.data]
}
