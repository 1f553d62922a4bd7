resource "terraform_data" "a" {
  input = ["x", "y"]
}

resource "terraform_data" "b" {
  input = <<-EOT
    %{for item in terraform_data.a.output~}
    - ${item}
    %{endfor~}
    id: ${terraform_data.a.id == "" ? "none" : "some"}
  EOT
}

output "b" {
  value = terraform_data.b.output
}
