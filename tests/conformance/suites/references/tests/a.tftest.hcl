variables { 
  name = "file" 
  g = var.glob
}
run "a" { 
  variables { name = var.g }
}
run "b" {
  command = plan
  variables { name = "${var.glob}${run.a.o}" }
  assert {
    condition = var.name == "xx" && var.g == "x"
    error_message = "not ${var.name} ${var.g}"
  }
}
