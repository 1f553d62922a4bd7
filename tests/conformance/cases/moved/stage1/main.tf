resource "terraform_data" "old" {
  input = "kept"
}

resource "terraform_data" "counted" {
  count = 2
  input = count.index
}

resource "terraform_data" "single" {
  input = "single"
}

resource "terraform_data" "into" {
  input = "into"
}
