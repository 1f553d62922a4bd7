variable "name" { default = "d" }
resource "terraform_data" "a" { 
  input = var.name
}
resource "terraform_data" "b" { 
  input = terraform_data.a.id
  provisioner "local-exec" {
    when = destroy
    command = "exit 1"
  }
}
output "o" { value = terraform_data.a.output  }
