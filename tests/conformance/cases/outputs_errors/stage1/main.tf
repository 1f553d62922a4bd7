output "a" {
}

output "b" {
  value = 1
  value = 2
}

output "b" {
  value = 1
}

output "c" {
  value      = 1
  depends_on = ["x", var.nothing]
  color      = "red"
}

output "2d" {
  value = 1
}
