resource "terraform_data" "a" {
  input = "a"
}
resource "terraform_data" "b" {
  input = terraform_data.a.id
}
data "terraform_remote_state" "r" {
  backend = "local"
  config  = { path = "nope.tfstate" }
}
output "b" {
  value = terraform_data.b.input
}
