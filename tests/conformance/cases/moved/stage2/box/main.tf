resource "terraform_data" "into" {
  input = "into"
}
