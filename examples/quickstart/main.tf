# The address plan of a platform with a cluster on each cloud: what every later step is built on.
# It needs no account: terraform_data keeps the values in the state.

variable "platform_cidr" {
  description = "The range that the whole platform lives in."
  type        = string
  default     = "10.64.0.0/12"

  validation {
    condition     = can(cidrhost(var.platform_cidr, 0)) && tonumber(split("/", var.platform_cidr)[1]) <= 14
    error_message = "The platform needs an IPv4 range of /14 or larger, such as 10.64.0.0/12."
  }
}

variable "clusters" {
  description = "The clusters, by name. A cluster gets the next /16 of the platform's range."
  type = map(object({
    cloud     = string
    zones     = number
    max_nodes = optional(number, 60)
  }))
  default = {
    payments = { cloud = "aws", zones = 3 }
    search   = { cloud = "gcp", zones = 2, max_nodes = 120 }
  }
}

locals {
  order = { for index, name in sort(keys(var.clusters)) : name => index }
}

module "network" {
  source   = "./network"
  for_each = var.clusters

  name      = each.key
  cidr      = cidrsubnet(var.platform_cidr, 16 - tonumber(split("/", var.platform_cidr)[1]), local.order[each.key])
  zones     = each.value.zones
  max_nodes = each.value.max_nodes
}

resource "terraform_data" "registry" {
  input = { for name, network in module.network : name => network.subnets }
}

output "networks" {
  description = "The ranges of each cluster, by zone."
  value       = { for name, network in module.network : name => network.ranges }
}

output "registry_id" {
  value = terraform_data.registry.id
}
