resource "terraform_data" "good" {
  input = "good"
}

resource "terraform_data" "bad" {
  input = terraform_data.good.output
}

resource "terraform_data" "after" {
  input = terraform_data.bad.output
}

output "after" {
  value = terraform_data.after.output
}
