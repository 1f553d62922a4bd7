run "post" {
  variables { name = "post" }
  expect_failures = [terraform_data.a, check.data]
}
