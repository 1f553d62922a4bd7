variable "list" {
  type      = list(string)
  sensitive = true
  default   = ["x", "y"]
}

resource "terraform_data" "count" {
  count = length(var.list)
}
