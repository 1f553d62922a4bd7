resource "terraform_data" "dep" {
  input = "other"
}

data "terraform_remote_state" "by_value" {
  backend = "local"
  config  = { path = "store/${terraform_data.dep.output}.tfstate" }
}

data "terraform_remote_state" "by_depends" {
  backend    = "local"
  config     = { path = "store/other.tfstate" }
  depends_on = [terraform_data.dep]
}

data "terraform_remote_state" "many" {
  for_each = toset(["other", terraform_data.dep.input])
  backend  = "local"
  config   = { path = "store/${each.key}.tfstate" }
}

module "m" {
  source     = "./m"
  depends_on = [terraform_data.dep]
}

resource "terraform_data" "users" {
  input = [
    data.terraform_remote_state.by_value.outputs.x,
    data.terraform_remote_state.by_depends.outputs.x,
    data.terraform_remote_state.many["other"].outputs.x,
    module.m.x,
  ]
}
