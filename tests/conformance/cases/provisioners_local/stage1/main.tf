variable "s" {
  default = "hidden"
  sensitive = true
}
variable "e" {
  default = "hidden"
  ephemeral = true
}
variable "fail" { default = false }
resource "terraform_data" "a" {
  input = "in"
  provisioner "local-exec" {
    command = "echo one ${self.id != ""}; echo err >&2; printf 'no newline'"
  }
  provisioner "local-exec" {
    command = "test \"$X\" = 'y z'"
    environment = { X = "y z" }
    quiet = true
    working_dir = "/tmp"
  }
  provisioner "local-exec" {
    command = "test $((1+1)) = 2"
    interpreter = ["/bin/sh", "-e", "-c"]
  }
  provisioner "local-exec" {
    command = "echo ${var.s}; echo two"
  }
  provisioner "local-exec" {
    command = "echo ${var.e}"
  }
  provisioner "local-exec" {
    command = "echo ${var.e}${var.s}"
  }
  provisioner "local-exec" {
    command = "echo bad; exit 3"
    on_failure = continue
  }
  provisioner "local-exec" {
    when = destroy
    command = "echo bye ${self.input}"
  }
}
resource "terraform_data" "before" {
  input = "made"
}
resource "terraform_data" "f" {
  for_each = toset(["x"])
  provisioner "local-exec" {
    command = var.fail ? "echo fails; exit 4" : "exit 0"
  }
  provisioner "local-exec" {
    command = "echo not reached ${terraform_data.before.output}"
  }
}
