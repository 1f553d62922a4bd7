a = [
  { n = 1 },
  { n = "2", s = null },
]
b = {
  "key with spaces" = 1
  ünï               = 2
}
text = <<-EOT
  first
    second
EOT
bool = "true"
num  = 1e3
