run "pre_all" {
  command         = plan
  variables { name = "pre" }
  expect_failures = [terraform_data.a, check.data]
}
run "pre_one" {
  command         = plan
  variables { name = "pre" }
  expect_failures = [terraform_data.a[1], check.data]
}
run "pre_other" {
  command         = plan
  variables { name = "pre" }
  expect_failures = [terraform_data.a[0], check.data]
}
