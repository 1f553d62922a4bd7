variable "s" {
  sensitive = true
  default   = ["x"]
}

resource "terraform_data" "b" {
  for_each = { (var.s[0]) = 1 }
}

resource "terraform_data" "c" {
  count = length(var.s)
}
