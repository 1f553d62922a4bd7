locals {
  a = <<EOT
never ended
}
