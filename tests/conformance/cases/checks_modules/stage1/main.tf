module "m" {
  source   = "./m"
  for_each = { a = 1, b = 20 }
  n        = each.value
}

check "root" {
  assert {
    condition     = module.m["a"].n + module.m["b"].n < 10
    error_message = "Sum is ${module.m["a"].n + module.m["b"].n}."
  }
}
