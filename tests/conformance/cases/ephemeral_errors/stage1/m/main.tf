variable "x" {}
output "y" {
  value = 1
  ephemeral = true
}
