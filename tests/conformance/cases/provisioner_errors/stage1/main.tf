resource "terraform_data" "x" {
  provisioner "local-exec" {
  }
  provisioner "local-exec" {
    command = 1
    nope    = 2
  }
  provisioner "file" {
    source = "x"
  }
  provisioner "remote-exec" {
  }
  connection {
    hst = 1
  }
  provisioner "remote-exec" {
    inline = ["x"]
    script = "y"
    connection {
      type = "ftp"
      foo  = 2
      port = "x"
    }
  }
  provisioner "local-exec" {
    command = terraform_data.missing.id
  }
}
output "self" {
  value = self.id
}
