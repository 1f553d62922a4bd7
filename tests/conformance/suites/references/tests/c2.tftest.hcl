run "a" {
  command = plan
  assert {
    condition = output == "x"
    error_message = "e"
  }
}
