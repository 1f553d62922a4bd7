variable "name" {}
variable "opt" { default = 3 }
resource "terraform_data" "a" { 
  input = var.name 
  lifecycle {
    postcondition {
      condition = self.input != "post"
      error_message = "post!"
    }
  }
}
output "o" { 
  value = terraform_data.a.output 
  precondition {
    condition = var.name != "pre"
    error_message = "pre!"
  }
}
output "id" { value = terraform_data.a.id }
output "s" { 
   value = sensitive("x") 
   sensitive = true
}
check "c" {
  assert {
    condition = var.name != "chk"
    error_message = "chk!"
  }
}
