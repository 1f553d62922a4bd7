override_resource {
    target = terraform_data.a
    values = { id = "over" }
    override_during = plan
}
override_resource {
    target = terraform_data.c[1]
    values = { id = "over2" }
}
override_data {
    target = data.terraform_remote_state.r
    values = { outputs = { b = 1 } }
}
override_module {
  target = module.m
  outputs = { x = "mx" }
}
run "planid" { 
  command = plan
  assert {
    condition = terraform_data.a.id == "zz" || module.m.x == "d" || module.m.y == "d" || data.terraform_remote_state.r.outputs.b == 2
    error_message = "x"
  }
}
run "apply" { 
  assert {
    condition = terraform_data.a.id == "zz" || terraform_data.c[1].id == "x" || terraform_data.c[1].output == "x" || terraform_data.a.output == "x"  || module.m.x == "d"|| output.m == "zd"
    error_message = "x"
  }
}
run "override" { 
  override_resource {
    target = terraform_data.a
    values = { id = "inner" }
  }
  assert {
    condition = terraform_data.a.id == "zz" 
    error_message = "x"
  }
}
