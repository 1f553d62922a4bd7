# The subnets of one cluster: one per zone, with room for its nodes.

variable "name" {
  type = string
}

variable "cidr" {
  type = string
}

variable "zones" {
  type = number
}

variable "max_nodes" {
  type = number
}

resource "terraform_data" "subnet" {
  count = var.zones

  input = {
    name = "${var.name}-${substr("abcdef", count.index, 1)}"
    cidr = cidrsubnet(var.cidr, 4, count.index)
  }

  lifecycle {
    precondition {
      condition     = pow(2, 32 - 20) - 5 >= var.max_nodes
      error_message = "A zone of ${var.name} has no room for ${var.max_nodes} nodes."
    }
  }
}

output "subnets" {
  value = terraform_data.subnet[*].output
}

output "ranges" {
  value = { for subnet in terraform_data.subnet : subnet.input.name => subnet.input.cidr }
}
