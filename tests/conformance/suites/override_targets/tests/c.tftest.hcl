override_resource {
    target = terraform_data.c
}
override_module {
    target = module.m
    outputs = { zz = 1 }
}
run "planid" { 
  assert {
    condition = terraform_data.c[1].id == "zz" || module.m.x == 1
    error_message = "x"
  }
}
