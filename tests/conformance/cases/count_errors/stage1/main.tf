resource "terraform_data" "negative" {
  count = -1
}

resource "terraform_data" "text" {
  count = "many"
}

resource "terraform_data" "nothing" {
  count = null
}

resource "terraform_data" "source" {
  input = 3
}

resource "terraform_data" "unknown" {
  count = terraform_data.source.output
}

resource "terraform_data" "both" {
  count    = 1
  for_each = toset(["a"])
}
