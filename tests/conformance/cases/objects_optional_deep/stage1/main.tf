variable "pools" {
  type = map(object({
    size   = optional(number, 3)
    labels = optional(map(string), {})
    taints = optional(list(object({
      key    = string
      effect = optional(string, "NoSchedule")
    })), [])
    disk = optional(object({
      type = optional(string, "ssd")
      size = optional(number)
    }), {})
  }))
  default = {
    general = {}
    gpu = {
      size   = "1"
      taints = [{ key = "gpu" }, { key = "x", effect = "NoExecute" }]
      disk   = { size = 200 }
    }
    null = { size = null, disk = null, labels = null }
  }
}

resource "terraform_data" "pool" {
  for_each = var.pools
  input    = each.value
}

output "pools" {
  value = var.pools
}
