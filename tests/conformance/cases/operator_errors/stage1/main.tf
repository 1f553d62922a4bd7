output "text_plus" {
  value = "a" + 1
}

output "not_number" {
  value = !5
}

output "divide" {
  value = 1 / 0
}

output "condition" {
  value = "x" ? 1 : 2
}

output "mismatch" {
  value = true ? [] : "x"
}

output "null_sum" {
  value = null + 1
}

output "compare" {
  value = "a" < "b"
}

output "index" {
  value = ["a"][3]
}

output "key" {
  value = { a = 1 }.b
}

output "negative_index" {
  value = ["a"][-1]
}

output "attr_of_text" {
  value = "abc".x
}
