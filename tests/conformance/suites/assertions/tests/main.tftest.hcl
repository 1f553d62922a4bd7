variables { name = "f" }
run "p" {
  command = plan
  assert {
    condition = terraform_data.a.input == "f"
    error_message = "no"
  }
  assert {
    condition = terraform_data.a.input == "g"
    error_message = "fails ${terraform_data.a.input}"
  }
}
run "unknown" {
  command = plan
  assert {
    condition = terraform_data.a.output == "f"
    error_message = "no"
  }
}
run "a" {
  variables { name = "${run.p.n}2" }
  assert {
    condition = output.out == "f2"
    error_message = "no"
  }
}
run "bad" {
  command = plan
  variables { name = "bad" }
}
run "long" {
  command = plan
  variables { name = "toolong" }
  expect_failures = [var.name, check.c]
}
