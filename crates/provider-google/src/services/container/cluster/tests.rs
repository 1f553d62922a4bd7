//! The contract of clusters.

use super::*;

mod promised {
    contract::contract! { crate::testing::WORLD, "google_container_cluster",
        needs: r#"
            resource "google_compute_network" "a" {
              name                    = "a"
              auto_create_subnetworks = false
            }
            resource "google_compute_subnetwork" "a" {
              name          = "a"
              network       = google_compute_network.a.id
              ip_cidr_range = "10.10.0.0/20"
              region        = "europe-west3"
            }"#,
        create: r#"
            name                     = "a"
            network                  = google_compute_network.a.id
            subnetwork               = google_compute_subnetwork.a.id
            remove_default_node_pool = true
            initial_node_count       = 1
            deletion_protection      = false"#,
        update: &[r#"
            name                     = "a"
            network                  = google_compute_network.a.id
            subnetwork               = google_compute_subnetwork.a.id
            remove_default_node_pool = true
            initial_node_count       = 1
            deletion_protection      = false
            release_channel {
              channel = "STABLE"
            }
            resource_labels = { a = "b" }"#],
        replace: &[r#"
            name                     = "b"
            network                  = google_compute_network.a.id
            subnetwork               = google_compute_subnetwork.a.id
            remove_default_node_pool = true
            initial_node_count       = 1
            deletion_protection      = false"#],
        import: "{id}",
        not_imported: &["deletion_protection", "remove_default_node_pool", "resource_labels", "terraform_labels"],
    }
}

#[test]
fn updates_are_of_what_differs() {
    let mut was = Cluster::empty();
    was.master_version = "1.33.1-gke.1".into();
    assert!(was.updates(&was.clone()).is_empty());
    let mut now = was.clone();
    now.release_channel = Some(Channel {
        channel: "RAPID".into(),
    })
    .into();
    now.vertical_pod_autoscaling = Enabled::block(true);
    now.min_master_version = "1.34".into();
    let updates: Vec<&str> = now
        .updates(&was)
        .into_iter()
        .map(|(what, _)| what)
        .collect();
    assert_eq!(
        updates,
        [
            "min_master_version",
            "release_channel",
            "vertical_pod_autoscaling"
        ]
    );
}
