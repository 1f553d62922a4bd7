variable "nodes" {
  type = map(object({
    size   = optional(string, "small")
    count  = optional(number, 1)
    labels = optional(map(string), {})
    disk = optional(object({
      gib  = optional(number, 20)
      kind = optional(string)
    }), {})
    taints = optional(list(object({
      key    = string
      effect = optional(string, "NoSchedule")
    })), [])
    tags = optional(set(string))
    pair = optional(tuple([string, number]))
    free = optional(any)
  }))
  default = {
    a = {}
    b = {
      size   = null
      count  = "3"
      labels = { x = 1, y = true }
      disk   = { gib = 50, kind = "ssd" }
      taints = [{ key = "k" }, { key = "l", effect = "NoExecute" }]
      tags   = ["z", "a", "z"]
      pair   = ["p", "7"]
      extra  = "dropped"
    }
  }
}

resource "terraform_data" "node" {
  for_each = var.nodes
  input    = each.value
}

output "nodes" {
  value = var.nodes
}
