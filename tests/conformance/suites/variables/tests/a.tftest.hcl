variables {
  a = "file"
  n = "7"
}
run "in_tests" {
  variables { b = "run ${var.a} ${var.e}" }
  assert {
    condition = output.all == "x"
    error_message = output.all
  }
  assert {
    condition = output.n == 7
    error_message = "n"
  }
  assert {
    condition = output.s == "x"
    error_message = "secret"
  }
}
run "q" {
  module { source = "./mod" }
  assert {
    condition = output.q == "x"
    error_message = output.q
  }
}
run "s" {
  variables { 
    f = run.in_tests.s 
  }
  assert {
    condition = output.all == "x"
    error_message = "f"
  }
}
run "badtype" {
  variables {
    n = "abc"
  }
}
