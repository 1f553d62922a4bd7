run "plan" {
  command         = plan
  expect_failures = [check.data]
}
run "apply" {
  expect_failures = [check.data]
  assert {
    condition     = output.m == tolist(["a"])
    error_message = "m"
  }
}
run "self" {
  module { source = "./" }
  expect_failures = [check.data]
}
