run "ok" {
  command = plan
}
run "inv" {
  command = plan
  variables { name = "toolong" }
}
run "skipped" {
  command = plan
}
