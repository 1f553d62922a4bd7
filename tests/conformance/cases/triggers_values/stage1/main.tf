variable "version_of" {
  default = "1"
}

resource "terraform_data" "a" {
  triggers_replace = { version = var.version_of, list = [1, "two", null] }
  input            = "stable"
}

resource "terraform_data" "b" {
  input = terraform_data.a.id

  lifecycle {
    replace_triggered_by = [terraform_data.a.triggers_replace.version]
  }
}
