resource "terraform_data" "a" {
  count = 2
  input = count.index
}

module "m" {
  source = "./m"
  count  = 1
  input  = terraform_data.a[*].id
}
