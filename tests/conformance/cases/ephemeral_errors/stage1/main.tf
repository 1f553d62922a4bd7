variable "e" {
  type = string
  ephemeral = true
  default = "x"
}
variable "r" {
  type = string
  ephemeral = true
}
locals { l = "a-${var.e}" }
resource "terraform_data" "a" {
  input = local.l
}
resource "terraform_data" "b" {
  input = terraform.applying ? "x" : "y"
}
resource "terraform_data" "c" {
  input = { a = [var.e] }
  triggers_replace = ephemeralasnull(var.e)
}
data "terraform_remote_state" "x" {
  backend = "local"
  config = { path = var.e }
}
output "o" {
  value = local.l
}
output "p" { 
  ephemeral = true
 value = local.l
}
resource "terraform_data" "d" {
  count = var.e == "x" ? 1 : 0
}
resource "terraform_data" "f" {
  for_each = toset([var.e])
}
module "m" {
  source = "./m"
  x = local.l
}
check "c" {
  assert {
    condition = var.e == "y"
    error_message = "no ${var.e}"
  }
}
