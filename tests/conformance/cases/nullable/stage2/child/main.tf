variable "required" {
  type     = string
  nullable = false
}
