mock_provider "terraform" {
  mock_resource "terraform_data" {
    override_during = plan
    defaults = { id = "planned" }
  }
  mock_resource "nope" {
    defaults = 7
  }
}
run "planid" { 
  command = plan
  assert {
    condition = terraform_data.c[1].id == "zz"
    error_message = "x"
  }
}
run "apply" { 
  assert {
    condition = terraform_data.c[1].id == "zz"
    error_message = "x"
  }
}
run "update" { 
  variables { name = "n" }
  assert {
    condition = terraform_data.c[1].id == "zz" || terraform_data.a.input == "x" || terraform_data.a.output == "x"
    error_message = "x"
  }
}
