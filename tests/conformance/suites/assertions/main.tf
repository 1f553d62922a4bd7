variable "name" {
  type    = string
  default = "x"
  validation {
    condition     = length(var.name) < 5
    error_message = "too long"
  }
}
resource "terraform_data" "a" {
  input = var.name
}
output "out" { value = terraform_data.a.output }
output "n" { value = var.name }
check "c" {
  assert {
    condition     = var.name != "bad"
    error_message = "bad name"
  }
}
