locals {
  users = [
    { name = "ann", team = "red", admin = true },
    { name = "bob", team = "blue", admin = false },
    { name = "cid", team = "red", admin = false },
  ]
  prices = { pear = 3, apple = 2, fig = null }
}

resource "terraform_data" "all" {
  input = {
    list        = [for user in local.users : upper(user.name)]
    indexed     = [for index, user in local.users : "${index}:${user.name}"]
    filtered    = [for user in local.users : user.name if user.admin]
    object      = { for user in local.users : user.name => user.team }
    grouped     = { for user in local.users : user.team => user.name... }
    from_map    = [for name, price in local.prices : "${name}=${price == null ? "?" : price}"]
    inverted    = { for name, price in local.prices : name => price if price != null }
    of_set      = [for item in toset(["b", "a"]) : item]
    set_pairs   = { for key, item in toset(["b", "a"]) : key => "${item}${item}" }
    nested      = [for user in local.users : [for letter in split("", user.name) : letter if letter != "b"]]
    empty       = [for item in [] : item]
    empty_map   = { for item in [] : item => item }
    of_string   = { for index, item in tolist(["x", "y"]) : item => index }
    number_keys = { for n in [1, 2] : n => n * n }
  }
}

output "grouped" {
  value = { for user in local.users : user.team => { name = user.name }... if user.name != "cid" }
}

output "tuple_type" {
  value = [for v in ["a", 1, true, null] : v]
}
