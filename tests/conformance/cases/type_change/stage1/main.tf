resource "terraform_data" "a" {
  input            = "text"
  triggers_replace = ["x"]
}

resource "terraform_data" "b" {
  input = null
}

resource "terraform_data" "c" {
  input = {}
}
