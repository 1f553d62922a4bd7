variable "s" {
  sensitive = true
  default   = "x"
}

output "plain" {
  value = "<${var.s}>"
}

output "nested" {
  value = { a = [var.s] }
}

output "fine" {
  value = nonsensitive(var.s)
}
