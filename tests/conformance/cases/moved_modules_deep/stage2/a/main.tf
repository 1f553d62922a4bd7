module "b" {
  source   = "../b"
  for_each = toset(["x", "y"])
  name     = each.key
}
