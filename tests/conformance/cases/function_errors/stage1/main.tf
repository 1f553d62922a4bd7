output "count" {
  value = upper("a", "b")
}

output "type" {
  value = upper([])
}

output "unknown" {
  value = nope("a")
}

output "value" {
  value = cidrsubnet("10.0.0.0/8", 40, 1)
}

output "element" {
  value = element([], 0)
}

output "parse" {
  value = jsondecode("{")
}

output "regex" {
  value = regex("[0-9]", "abc")
}

output "range" {
  value = slice([1], 0, 5)
}

output "convert" {
  value = tonumber("x")
}

output "one" {
  value = one(["a", "b"])
}
