resource "terraform_data" "a" {
  count = 2
  input = "a${count.index}"
}

resource "terraform_data" "renamed" {
  input = "b"
}

module "n" {
  source = "./m"
}
