output "s" {
  value     = "clear, but said to be sensitive"
  sensitive = true
}
