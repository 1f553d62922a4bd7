# One platform on two clouds: an EKS cluster in a VPC (aws*.tf) and a GKE cluster in a network (google*.tf), planned
# and applied together.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
  }
}

# What one plan for both clouds is good for: the addresses that one chooses are what the other lets in.

resource "aws_vpc_security_group_ingress_rule" "api_from_google" {
  security_group_id = aws_security_group.api.id
  description       = "Kubernetes API, from workloads on Google Cloud"
  cidr_ipv4         = "${google_compute_address.nat.address}/32"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "google_compute_firewall" "from_aws" {
  name          = "${var.name}-from-aws"
  description   = "Internal services, from workloads on AWS"
  network       = google_compute_network.this.id
  source_ranges = [for address in aws_eip.nat : "${address.public_ip}/32"]
  target_tags   = ["gke-${var.name}"]

  allow {
    protocol = "tcp"
    ports    = ["8443"]
  }
}
