output "o" {
}

locals "x" {
}

module "m" {
}

data "terraform_remote_state" "r" {
}
