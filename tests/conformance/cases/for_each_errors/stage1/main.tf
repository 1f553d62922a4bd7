resource "terraform_data" "source" {
  input = "a"
}

resource "terraform_data" "list" {
  for_each = ["a", "b"]
}

resource "terraform_data" "nothing" {
  for_each = null
}

resource "terraform_data" "numbers" {
  for_each = toset([1, 2])
}

resource "terraform_data" "hole" {
  for_each = toset(["a", null])
}

resource "terraform_data" "unknown_keys" {
  for_each = toset([terraform_data.source.output])
}

resource "terraform_data" "unknown_map" {
  for_each = { (terraform_data.source.output) = 1 }
}

resource "terraform_data" "secret" {
  for_each = sensitive(toset(["a"]))
}
