output "kept" {
  value = "same"
}

output "changed" {
  value = { a = 1, b = [1, 2] }
}

output "removed" {
  value = true
}

output "becomes_secret" {
  value = "s"
}
