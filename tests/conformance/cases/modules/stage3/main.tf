output "subnets" {
  value = "none"
}
