mock_provider "terraform" {
  foo             = 1
  override_during = foo
  mock_resource "terraform_data" {
    defaults = { id = "mocked" }
    bar      = 1
  }
  mock_resource "terraform_data" {
    override_during = plan
  }
  mock_data "terraform_remote_state" {
    defaults = { outputs = var.x }
  }
}
mock_provider "terraform" {}
mock_provider "foo" { alias = "terraform" }
provider "foo" { alias = "terraform" }
override_resource {
  values = { id = "over" }
}
override_resource {
  target = data.foo.bar
  values = 7
}
override_resource {
  target = terraform_data.c[1]
  values = { id = "over2" }
}
override_resource {
  target  = terraform_data.c[1]
  values  = { id = "over2" }
  outputs = {}
}
override_resource {
  target = "terraform_data.nope"
  values = { id = "over2" }
}
override_data {
  target = terraform_data.a
}
override_module {
  target  = terraform_data.a
  outputs = { x = "mx" }
  values  = {}
}
override_module {
  target  = module.n
  outputs = 7
}
run "planid" {
  override_module {
    target = module.n
  }
  override_resource {
    target = foo
  }
}
