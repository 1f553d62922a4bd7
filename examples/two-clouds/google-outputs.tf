output "google_project" {
  description = "Where the Google half is."
  value       = "${data.google_project.current.project_id} (${data.google_project.current.number}), ${data.google_client_config.current.region}"
}

output "google_zones" {
  description = "Zones that the nodes spread over."
  value       = data.google_compute_zones.available.names
}

output "google_egress_address" {
  description = "Public address from which the Google half calls out."
  value       = google_compute_address.nat.address
}

output "gke" {
  description = "The cluster on Google Cloud."
  value = {
    name     = google_container_cluster.this.name
    endpoint = google_container_cluster.this.endpoint
    version  = google_container_cluster.this.master_version
    newest   = data.google_container_engine_versions.current.latest_master_version
  }
}
