variable "name" {
  description = "Name of the platform; the prefix of everything it creates."
  type        = string
  default     = "surveyor"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name))
    error_message = "The name must be 2 to 31 lower-case letters, digits and dashes, and start with a letter."
  }
}

variable "region" {
  description = "AWS region."
  type        = string
  default     = "us-east-1"
}

variable "endpoint" {
  description = "URL at which all AWS APIs answer, for an emulator; empty = AWS itself."
  type        = string
  default     = ""
}

variable "cidr" {
  description = "IPv4 range of the VPC; each subnet takes a sixteenth of it."
  type        = string
  default     = "10.40.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 15))
    error_message = "The range must be an IPv4 CIDR of at most /24."
  }
}

variable "hub_cidr" {
  description = "Range that is reached through the transit gateway."
  type        = string
  default     = "10.0.0.0/8"
}

variable "zones" {
  description = "Letters of the availability zones; a public and a private subnet and a NAT gateway in each."
  type        = list(string)
  default     = ["a", "b", "c"]

  validation {
    condition     = length(var.zones) >= 2 && length(distinct(var.zones)) == length(var.zones)
    error_message = "EKS needs subnets in at least two different zones."
  }
}

variable "kubernetes_version" {
  description = "Kubernetes version of the control plane and the nodes."
  type        = string
  default     = "1.31"
}

variable "nodes" {
  description = "The node group: what to run it on and how far it may grow."
  type = object({
    instance_types = optional(list(string), ["m7g.large"])
    min            = optional(number, 3)
    max            = optional(number, 9)
    disk_gib       = optional(number, 50)
    labels         = optional(map(string), {})
  })
  default = {}

  validation {
    condition     = var.nodes.min <= var.nodes.max
    error_message = "nodes.min must not be above nodes.max."
  }
}

variable "private_subnet_tags" {
  description = "Further tags of the private subnets, by which controllers in the cluster find them."
  type        = map(string)
  default     = {}
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  default     = {}
}
