# What runs before objects are destroyed: by index, by key, and after their block was removed.
variable "fail" {
  default = false
}
resource "terraform_data" "counted" {
  count = 1
  input = count.index
  provisioner "local-exec" {
    when    = destroy
    command = "test ${self.input} = ${count.index}"
  }
}
resource "terraform_data" "keyed" {
  for_each = toset(["b"])
  provisioner "local-exec" {
    when        = destroy
    command     = "test $K = ${each.key}"
    environment = { K = each.key }
  }
  provisioner "local-exec" {
    when       = destroy
    command    = "exit 5"
    on_failure = continue
  }
}
resource "terraform_data" "stays" {
  triggers_replace = var.fail
  provisioner "local-exec" {
    when    = destroy
    command = "exit 6"
  }
}
