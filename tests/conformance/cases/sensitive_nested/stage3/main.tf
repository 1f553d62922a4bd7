resource "terraform_data" "a" {
  input = {
    open   = "open"
    conf   = { name = "m" }
    list   = ["clear", "m"]
    nested = {}
  }
  triggers_replace = "clear now"
}
