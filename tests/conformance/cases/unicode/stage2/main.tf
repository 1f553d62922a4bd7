variable "größe" {
  default = "straße"
}

resource "terraform_data" "ключ" {
  for_each = toset(["é", "日本", "\u2028"])
  input    = "${each.key}: ${length(each.key)}"
}

moved {
  from = terraform_data.ключ["a b"]
  to   = terraform_data.ключ["\u2028"]
}
