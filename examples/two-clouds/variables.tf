variable "name" {
  description = "Name of the platform; the prefix of everything it creates."
  type        = string
  default     = "atlas"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,20}$", var.name))
    error_message = "The name must be 2 to 21 lower-case letters, digits and dashes, and start with a letter."
  }
}

variable "labels" {
  description = "Tags on AWS and labels on Google Cloud, of everything that has some."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for key, value in var.labels : can(regex("^[a-z][a-z0-9_-]*$", key)) && can(regex("^[a-z0-9_-]*$", value))])
    error_message = "Google Cloud takes lower-case letters, digits, dashes and underscores only."
  }
}

# AWS

variable "aws_region" {
  description = "AWS region."
  type        = string
  default     = "us-east-1"
}

variable "aws_cidr" {
  description = "IPv4 range of the VPC; each subnet takes a sixteenth of it."
  type        = string
  default     = "10.40.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.aws_cidr, 4, 15))
    error_message = "The range must be an IPv4 CIDR of at most /24."
  }
}

variable "aws_zones" {
  description = "Number of availability zones; each has a public and a private subnet."
  type        = number
  default     = 2

  validation {
    condition     = var.aws_zones >= 2 && var.aws_zones <= 4
    error_message = "EKS needs subnets in at least two zones, and the range is cut for at most four."
  }
}

variable "hub_cidr" {
  description = "Range that is reached through the transit gateway."
  type        = string
  default     = "10.0.0.0/8"
}

variable "eks_version" {
  description = "Kubernetes version of the EKS cluster."
  type        = string
  default     = "1.33"
}

variable "eks_nodes" {
  description = "The node group: what to run it on and how far it may grow."
  type = object({
    instance_types = optional(list(string), ["m7g.large"])
    min            = optional(number, 2)
    max            = optional(number, 6)
  })
  default = {}

  validation {
    condition     = var.eks_nodes.min <= var.eks_nodes.max
    error_message = "eks_nodes.min must not be above eks_nodes.max."
  }
}

# Google Cloud. The project comes from the environment: GOOGLE_PROJECT.

variable "google_region" {
  description = "Google Cloud region."
  type        = string
  default     = "europe-west1"
}

variable "google_cidrs" {
  description = "IPv4 ranges of the subnetwork: nodes, Pods, Services, and the GKE control plane."
  type = object({
    nodes         = optional(string, "10.80.0.0/20")
    pods          = optional(string, "10.96.0.0/14")
    services      = optional(string, "10.81.0.0/20")
    control_plane = optional(string, "172.16.0.0/28")
  })
  default = {}

  validation {
    condition     = alltrue([for range in values(var.google_cidrs) : can(cidrhost(range, 0))])
    error_message = "Each range must be an IPv4 CIDR."
  }
}

variable "nat_ports" {
  description = "Ports that Cloud NAT keeps for each node."
  type        = number
  default     = 128
}

variable "gke_nodes" {
  description = "The node pool: what to run it on and how far it may grow, per zone."
  type = object({
    machine_type = optional(string, "e2-standard-4")
    disk_gib     = optional(number, 50)
    min          = optional(number, 1)
    max          = optional(number, 3)
  })
  default = {}
}
