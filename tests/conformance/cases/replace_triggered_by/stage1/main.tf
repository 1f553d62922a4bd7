variable "revision" {
  default = 1
}

resource "terraform_data" "revision" {
  input = var.revision
}

resource "terraform_data" "many" {
  count = 2
  input = var.revision + count.index
}

resource "terraform_data" "by_resource" {
  input = "fixed"

  lifecycle {
    replace_triggered_by = [terraform_data.revision]
  }
}

resource "terraform_data" "by_attribute" {
  count = 2
  input = "fixed"

  lifecycle {
    replace_triggered_by = [terraform_data.many[count.index].input]
  }
}

resource "terraform_data" "by_id" {
  input = "fixed"

  lifecycle {
    replace_triggered_by = [terraform_data.revision.id]
  }
}
