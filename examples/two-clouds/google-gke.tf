# The cluster on Google Cloud, its nodes, and who may do what in it.

data "google_container_engine_versions" "current" {
  location = var.google_region
}

resource "google_service_account" "this" {
  for_each = {
    nodes = "Nodes of ${var.name}"
    dns   = "external-dns of ${var.name}"
  }

  account_id   = "${var.name}-${each.key}"
  display_name = each.value

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "this" {
  for_each = {
    logs    = { account = "nodes", role = "roles/logging.logWriter" }
    metrics = { account = "nodes", role = "roles/monitoring.metricWriter" }
    images  = { account = "nodes", role = "roles/artifactregistry.reader" }
    records = { account = "dns", role = "roles/dns.admin" }
  }

  project = data.google_project.current.project_id
  role    = each.value.role
  member  = google_service_account.this[each.value.account].member
}

resource "google_container_cluster" "this" {
  name     = var.name
  location = var.google_region

  network    = google_compute_network.this.id
  subnetwork = google_compute_subnetwork.nodes.id

  # The nodes are a pool of their own below.
  remove_default_node_pool = true
  initial_node_count       = 1
  deletion_protection      = false

  release_channel {
    channel = "REGULAR"
  }

  ip_allocation_policy {
    cluster_secondary_range_name  = "pods"
    services_secondary_range_name = "services"
  }

  private_cluster_config {
    enable_private_nodes    = true
    enable_private_endpoint = false
    master_ipv4_cidr_block  = var.google_cidrs.control_plane
  }

  workload_identity_config {
    workload_pool = "${data.google_project.current.project_id}.svc.id.goog"
  }
}

resource "google_container_node_pool" "general" {
  name     = "general"
  cluster  = google_container_cluster.this.id
  location = var.google_region

  initial_node_count = var.gke_nodes.min

  autoscaling {
    min_node_count = var.gke_nodes.min
    max_node_count = var.gke_nodes.max
  }

  management {
    auto_repair  = true
    auto_upgrade = true
  }

  node_config {
    machine_type    = var.gke_nodes.machine_type
    disk_size_gb    = var.gke_nodes.disk_gib
    service_account = google_service_account.this["nodes"].email
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
    labels          = { pool = "general" }
    tags            = ["gke-${var.name}"]

    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }

  depends_on = [
    google_compute_router_nat.this,
    google_project_iam_member.this,
  ]
}

# The workload pool comes with the cluster.
resource "google_service_account_iam_member" "dns" {
  service_account_id = google_service_account.this["dns"].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${data.google_project.current.project_id}.svc.id.goog[dns/external-dns]"

  depends_on = [google_container_cluster.this]
}
