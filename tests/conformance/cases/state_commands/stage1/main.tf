resource "terraform_data" "a" {
  count = 2
  input = "a${count.index}"
}

resource "terraform_data" "b" {
  input = "b"
}

module "m" {
  source = "./m"
}
