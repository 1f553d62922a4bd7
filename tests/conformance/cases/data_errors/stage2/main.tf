data "terraform_remote_state" "b" {
  backend = "nothing"
  config  = {}
}

data "terraform_remote_state" "c" {
  backend = "local"
  config  = { path = "store/missing.tfstate" }
}

data "terraform_remote_state" "d" {
  backend = "local"
  config  = { pathe = "x" }
}
