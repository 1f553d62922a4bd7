resource "terraform_data" "seed" {
  input = ["a"]
}

resource "terraform_data" "set" {
  for_each = toset(terraform_data.seed.output)
}

resource "terraform_data" "number" {
  count = length(terraform_data.seed.output)
}

resource "terraform_data" "list" {
  for_each = ["a", "b"]
}

resource "terraform_data" "nothing" {
  for_each = null
}

resource "terraform_data" "text" {
  count = "many"
}

resource "terraform_data" "negative" {
  count = -1
}

resource "terraform_data" "half" {
  count = 1.5
}
