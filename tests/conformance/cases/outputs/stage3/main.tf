output "kept" {
  value = 1
}

output "becomes_secret" {
  value = "s"
}
