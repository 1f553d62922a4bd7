run "a" { 
  command = plan
}
run "b" { 
  command = plan
  variables { name = run.a.zz }
}
