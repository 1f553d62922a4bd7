resource "terraform_data" "a" {
  input = "a"
}

resource "terraform_data" "b" {
  input = terraform_data.a.output
}

resource "terraform_data" "c" {
  count = 2
  input = "${terraform_data.b.output}${count.index}"
}

module "child" {
  source = "./child"
  input  = terraform_data.a.output
}

output "b" {
  value = terraform_data.b.output
}

output "child" {
  value = module.child.x
}
