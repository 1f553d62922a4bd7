mock_resource "terraform_data" {
  override_during = plan
  defaults        = { id = "of a file" }
}
mock_data "terraform_remote_state" {
  defaults = { outputs = { x = "of a file" } }
}
override_resource {
  target = terraform_data.b
  values = { id = "of an override" }
}
