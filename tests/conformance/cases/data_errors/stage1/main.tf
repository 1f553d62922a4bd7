data "terraform_remote_state" "a" {
}

data "terraform_remote_state" "b" {
  backend = "nothing"
  config  = {}
}

data "terraform_remote_state" "c" {
  backend = "local"
  config  = { path = "store/missing.tfstate" }
}

data "terraform_remote_state" "d" {
  backend = 5
  color   = "red"
}

data "terraform_nothing" "e" {
}

data "nothing_at_all" "f" {
}
