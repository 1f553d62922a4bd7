variable "v" {
  default = "base"
}
