removed {
  from = terraform_data.stays
  lifecycle {
    destroy = true
  }
  provisioner "local-exec" {
    when    = destroy
    command = "test ${self.id} != ''"
  }
}
removed {
  from = terraform_data.keyed
  lifecycle {
    destroy = true
  }
  provisioner "local-exec" {
    when    = destroy
    command = "exit 7"
  }
}
