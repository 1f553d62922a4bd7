output "greeting" {
  value = "hi"
}
