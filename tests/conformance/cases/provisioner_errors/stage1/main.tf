resource "terraform_data" "x" {
  provisioner "local-exec" {
  }
  connection {
    hst = 1
  }
}
resource "terraform_data" "y" {
  provisioner "local-exec" {
    command = 1
    nope    = 2
  }
}
resource "terraform_data" "z" {
  provisioner "file" {
    source = "x"
  }
}
