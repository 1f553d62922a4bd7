resource "terraform_data" "by_map" {
  for_each = {}
}
