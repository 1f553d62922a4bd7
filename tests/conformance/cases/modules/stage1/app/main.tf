variable "subnets" {
  type = list(string)
}

resource "terraform_data" "app" {
  input = join(",", var.subnets)
}

output "summary" {
  value = "app in ${terraform_data.app.output}"
}
