run "in_root" {
  assert {
    condition = output.all == "x"
    error_message = output.all
  }
}
run "l" {
  variables { l = "x" }
}
