variable "n" {
  default = 1
}

resource "terraform_data" "a" {
  input = var.n
}

output "described" {
  description = "The number."
  value       = terraform_data.a.output
  depends_on  = [terraform_data.b]

  precondition {
    condition     = terraform_data.a.output > 0
    error_message = "Not positive: ${terraform_data.a.output}."
  }
}

resource "terraform_data" "b" {
}

output "nothing" {
  value = null
}

output "types" {
  value = {
    list  = tolist(["a"])
    set   = toset(["b", "a"])
    map   = tomap({ a = 1 })
    tuple = [1, "a", null]
    num   = 1.50
    whole = terraform_data.b
  }
}
