variable "name" { 
  default = "mod" 
  validation {
    condition = var.name != "inner"
    error_message = "inner"
  }
}
resource "terraform_data" "in" { input = var.name }
check "inside" {
  assert {
    condition     = var.name != "inside"
    error_message = "inside"
  }
}
output "x" { value = terraform_data.in.output }
