resource "terraform_data" "c" {
  triggers_replace = "gone"

  lifecycle {
    create_before_destroy = true
  }
}
