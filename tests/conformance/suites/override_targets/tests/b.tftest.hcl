override_resource {
    target = terraform_data.a
    values = { id = {}, nope = 1, input = "x" }
    override_during = plan
}
override_resource {
    target = terraform_data.zz
}
override_resource {
    target = module.zz.terraform_data.zz
}
run "planid" { 
  command = plan
}
