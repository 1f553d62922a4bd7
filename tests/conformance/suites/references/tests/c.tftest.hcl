run "a" { 
  command = plan
  assert {
    condition = run.later.o == "x"
    error_message = "e"
  }
  assert {
    condition = run.zz.o == "x"
    error_message = "e"
  }
  assert {
    condition = output.zz == "x"
    error_message = "e"
  }
  assert {
    condition = var.zz == "x"
    error_message = "e"
  }
  assert {
    condition = run.a.o == "x"
    error_message = "e"
  }
  assert {
    condition = check.foo == "x"
    error_message = "e"
  }
}
run "later" { command = plan }
