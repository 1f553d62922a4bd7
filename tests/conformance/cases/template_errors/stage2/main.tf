output "a" {
  value = "${[1]} and ${null}"
}

output "b" {
  value = "%{if "x"}a%{endif}"
}

output "c" {
  value = "x${{ a = 1 }}"
}

output "d" {
  value = templatefile("missing.tftpl", {})
}

output "e" {
  value = templatefile("./t.tftpl", {})
}
