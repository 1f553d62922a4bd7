variables { name = "file" }
run "p" {
  command = plan
}
run "q" {
  variables { name = run.p.id }
}
