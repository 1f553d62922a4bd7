output "kept" {
  value = "same"
}

output "changed" {
  value = { a = 2, b = [1] }
}

output "added" {
  description = "New."
  value       = null
}

output "becomes_secret" {
  value     = "s"
  sensitive = true
}
