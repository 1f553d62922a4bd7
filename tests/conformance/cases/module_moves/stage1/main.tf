module "a" {
  source = "./m"
}

module "c" {
  source = "./m"
  count  = 2
}
