output "renamed" {
  value = true
}

output "nothing" {
  value = "something"
}
