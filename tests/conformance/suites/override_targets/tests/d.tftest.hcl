override_module {
    target = module.zz
}
run "planid" { 
  override_module {
    target = module.zz
  }
}
