variable "bad_default" {
  type    = number
  default = "x"
}

variable "bad_type" {
  type = strin
}

variable "twice" {}

variable "twice" {}
