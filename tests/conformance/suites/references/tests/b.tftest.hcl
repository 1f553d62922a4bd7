run "a" { 
  command = plan
  variables { 
     name = var.nope 
     x1 = run.a.o
     x2 = run.zz.o
     x3 = run.later.o
     x4 = local.x
     x5 = terraform_data.a.id
     x6 = upper("a")
     x7 = run.a
  }
}
run "later" { command = plan }
