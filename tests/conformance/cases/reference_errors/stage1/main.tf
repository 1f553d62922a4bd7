variable "v" {
  default = 1
}

resource "terraform_data" "a" {
  input = var.missing
}

resource "terraform_data" "b" {
  input = local.missing
}

resource "terraform_data" "c" {
  input = terraform_data.missing.id
}

resource "terraform_data" "d" {
  input = data.terraform_remote_state.missing.outputs
}

resource "terraform_data" "e" {
  input = terraform_data.a.missing
}

resource "terraform_data" "f" {
  input = path.missing
}

resource "terraform_data" "g" {
  input = terraform.missing
}

resource "terraform_data" "h" {
  input = self.id
}

resource "terraform_data" "i" {
  input = count.index
}

resource "terraform_data" "j" {
  input = bare
}

resource "terraform_data" "k" {
  input      = 1
  depends_on = [var.v]
}

output "module" {
  value = module.missing.x
}
