# The network on Google Cloud: one subnetwork with ranges for nodes, Pods and Services, and a way out by Cloud NAT.

provider "google" {
  region = var.google_region

  default_labels = merge({ platform = var.name }, var.labels)
}

data "google_client_config" "current" {}

data "google_project" "current" {}

data "google_compute_zones" "available" {
  region = var.google_region
}

resource "google_project_service" "this" {
  for_each = toset(["compute", "container", "iam"])

  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}

resource "google_compute_network" "this" {
  name                    = var.name
  auto_create_subnetworks = false
  routing_mode            = "REGIONAL"

  depends_on = [google_project_service.this]
}

resource "google_compute_subnetwork" "nodes" {
  name                     = "${var.name}-nodes"
  network                  = google_compute_network.this.id
  region                   = var.google_region
  ip_cidr_range            = var.google_cidrs.nodes
  private_ip_google_access = true

  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = var.google_cidrs.pods
  }

  secondary_ip_range {
    range_name    = "services"
    ip_cidr_range = var.google_cidrs.services
  }
}

resource "google_compute_address" "nat" {
  name   = "${var.name}-nat"
  region = var.google_region

  depends_on = [google_project_service.this]
}

resource "google_compute_router" "this" {
  name    = var.name
  network = google_compute_network.this.id
  region  = var.google_region
}

resource "google_compute_router_nat" "this" {
  name                               = var.name
  router                             = google_compute_router.this.name
  region                             = google_compute_router.this.region
  nat_ip_allocate_option             = "MANUAL_ONLY"
  nat_ips                            = [google_compute_address.nat.self_link]
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
  min_ports_per_vm                   = var.nat_ports
}
