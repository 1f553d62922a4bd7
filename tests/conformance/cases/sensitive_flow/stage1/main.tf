variable "secret" {
  type      = string
  sensitive = true
  default   = "abc"
}

variable "list" {
  type      = list(string)
  sensitive = true
  default   = ["x", "y"]
}

module "m" {
  source = "./m"
  input  = var.secret
}

resource "terraform_data" "t" {
  input = {
    template = "<${var.secret}>"
    length   = length(var.list)
    element  = var.list[0]
    loop     = [for item in var.list : upper(item)]
    map      = { for item in ["a"] : item => var.secret }
    cond     = var.secret == "abc" ? 1 : 2
    merged   = merge({ a = 1 }, { b = var.secret })
    json     = jsonencode({ s = var.secret })
    clear    = nonsensitive(length(var.list))
    module   = module.m.out
    splat    = var.list[*]
    partial  = { open = 1, closed = sensitive(2) }.open
  }
}

resource "terraform_data" "count" {
  count = nonsensitive(length(var.list))
  input = nonsensitive(var.list)[count.index]
}

output "t" {
  value     = terraform_data.t.output
  sensitive = true
}
