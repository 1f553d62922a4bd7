variable "names" {
  type    = list(string)
  default = ["red", "green", "blue"]
}

resource "terraform_data" "color" {
  count = length(var.names)
  input = "${count.index}:${var.names[count.index]}"
}

resource "terraform_data" "echo" {
  count = length(terraform_data.color)
  input = terraform_data.color[count.index].output
}

output "colors" {
  value = terraform_data.color[*].output
}
