variable "größe" {
  default = "straße"
}

locals {
  日本 = "日本語"
}

resource "terraform_data" "ключ" {
  for_each = toset(["é", "e\u0301", "日本", "a b", "quote\"d", "back\\slash", "$${x}"])
  input    = "${each.key}: ${length(each.key)}"
}

output "all" {
  value = {
    upper   = upper(var.größe)
    length  = length("👨‍👩‍👧")
    reverse = strrev("ab́c")
    substr  = substr("日本語", 1, 1)
    split   = split("本", "日本語")
    sorted  = sort(["é", "z", "a", "日", "Z"])
    keys    = { "ü" = 1, "a" = 2, "日" = 3 }
    json    = jsonencode("<é&日>")
    title   = title("élan vital")
  }
}
