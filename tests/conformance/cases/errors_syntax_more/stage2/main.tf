resource terraform_data a {
  input = 1
}

variable "x" { default = 1 }

variable "y" { default = 1, type = number }
