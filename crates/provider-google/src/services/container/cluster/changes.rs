//! Changes of a cluster: the service takes one thing at a time.

use super::super::operations::{Place, change};
use super::super::values::sorted;
use super::addons::Addons;
use super::maintenance::Maintenance;
use super::network::PrivateCluster;
use super::observing::PoolDefaults;
use super::security::Binary;
use super::{Cluster, DEFAULT_POOL, boxed, remove_first_pool};
use crate::Google;
use google_cloud_container_v1::model::{self, ClusterUpdate};
use google_cloud_gax::options::RequestOptionsBuilder;
use sdk::{Attr, Blocks, Cx, Error, ErrorKind, Keep};
use std::time::Duration;

/// How long a change usually takes.
const TYPICAL: Duration = Duration::from_secs(60);

/// How often others may be faster.
const OVERTAKEN: u32 = 8;

/// How long an upgrade usually takes.
const UPGRADE: Duration = Duration::from_secs(480);

/// Adds an update for each part that is described otherwise than before.
macro_rules! differing {
    ($updates:ident, $now:expr, $was:expr; $($what:literal: $described:ident => $set:ident;)+) => {$(
        if let Some(wanted) = $now.$described()
            && $was.$described().as_ref() != Some(&wanted)
        {
            $updates.push(($what, update(|u| u.$set(wanted))));
        }
    )+};
}

type Updates = Vec<(&'static str, Box<ClusterUpdate>)>;

/// An update of one thing. Messages are large: each is made in a frame of its own.
fn update(set: impl FnOnce(ClusterUpdate) -> ClusterUpdate) -> Box<ClusterUpdate> {
    Box::new(set(ClusterUpdate::new()))
}

impl Cluster {
    /// Carries out what differs, one after the other.
    pub(super) async fn change(
        &self,
        prior: &Self,
        place: &Place,
        cx: &Cx<'_, Google>,
    ) -> Result<(), Error> {
        for (what, update) in self.updates(prior) {
            let typical = match update.desired_master_version.is_empty() {
                true => TYPICAL,
                false => UPGRADE,
            };
            let clusters = cx.clients.clusters().await?;
            let path = place.path();
            let send = || {
                let request = clusters.update_cluster().set_name(&path);
                boxed(
                    request
                        .set_update((*update).clone())
                        .with_idempotency(true)
                        .send(),
                )
            };
            let changed = boxed(change(cx, place, typical, send)).await;
            changed.doing(format!("changing {what} of cluster {}", self.name.as_str()))?;
        }
        self.change_labels(prior, place, cx).await?;
        self.change_otherwise(prior, place, cx).await?;
        if self.remove_default_node_pool.is_true() && !prior.remove_default_node_pool.is_true() {
            remove_first_pool(place, cx).await?;
        }
        Ok(())
    }

    /// The updates that bring what was to what is wanted.
    pub(super) fn updates(&self, prior: &Self) -> Updates {
        let mut updates = Updates::new();
        self.update_version(prior, &mut updates);
        differing! { updates, self, prior;
            "release_channel": channel => set_desired_release_channel;
            "authenticator_groups_config": groups => set_desired_authenticator_groups_config;
            "cluster_autoscaling": autoscaling => set_desired_cluster_autoscaling;
            "control_plane_endpoints_config": endpoints => set_desired_control_plane_endpoints_config;
            "cost_management_config": costs => set_desired_cost_management_config;
            "database_encryption": encryption => set_desired_database_encryption;
            "default_snat_status": snat => set_desired_default_snat_status;
            "dns_config": dns => set_desired_dns_config;
            "gateway_api_config": gateway => set_desired_gateway_api_config;
            "identity_service_config": identities => set_desired_identity_service_config;
            "logging_config": logging => set_desired_logging_config;
            "monitoring_config": monitoring => set_desired_monitoring_config;
            "master_authorized_networks_config": networks => set_desired_master_authorized_networks_config;
            "mesh_certificates": mesh => set_desired_mesh_certificates;
            "notification_config": notifications => set_desired_notification_config;
            "security_posture_config": posture => set_desired_security_posture_config;
            "service_external_ips_config": external_ips => set_desired_service_external_ips_config;
            "vertical_pod_autoscaling": vertical => set_desired_vertical_pod_autoscaling;
            "workload_identity_config": workload_identity => set_desired_workload_identity_config;
            "enable_shielded_nodes": shielded => set_desired_shielded_nodes;
            "enable_intranode_visibility": intranode => set_desired_intra_node_visibility_config;
            "enable_l4_ilb_subsetting": subsetting => set_desired_l4ilb_subsetting_config;
        }
        self.update_services(prior, &mut updates);
        self.update_switches(prior, &mut updates);
        self.update_network(prior, &mut updates);
        self.update_nodes(prior, &mut updates);
        updates
    }

    fn update_version(&self, prior: &Self, updates: &mut Updates) {
        let wanted = self.min_master_version.as_str();
        let current = prior.master_version.as_str();
        if self.min_master_version != prior.min_master_version && is_newer(wanted, current) {
            let update = update(|u| u.set_desired_master_version(wanted));
            updates.push(("min_master_version", update));
        }
        let nodes = &self.node_version;
        if nodes.is_known() && *nodes != prior.node_version {
            let update = update(|u| {
                u.set_desired_node_version(nodes.as_str())
                    .set_desired_node_pool_id(DEFAULT_POOL)
            });
            updates.push(("node_version", update));
        }
    }

    /// The older way to say where logs and metrics go. What the newer one says follows by itself.
    fn update_services(&self, prior: &Self, updates: &mut Updates) {
        let asked = |now: &Attr<String>, was: &Attr<String>| now.is_known() && now != was;
        if asked(&self.logging_service, &prior.logging_service) {
            let update = update(|u| u.set_desired_logging_service(self.logging_service.as_str()));
            updates.push(("logging_service", update));
        }
        if asked(&self.monitoring_service, &prior.monitoring_service) {
            let update =
                update(|u| u.set_desired_monitoring_service(self.monitoring_service.as_str()));
            updates.push(("monitoring_service", update));
        }
    }

    fn update_switches(&self, prior: &Self, updates: &mut Updates) {
        let mut switch = |what,
                          now: &Attr<bool>,
                          was: &Attr<bool>,
                          set: fn(ClusterUpdate, bool) -> ClusterUpdate| {
            if now.is_true() != was.is_true() {
                updates.push((what, update(|u| set(u, now.is_true()))));
            }
        };
        switch(
            "enable_fqdn_network_policy",
            &self.enable_fqdn_network_policy,
            &prior.enable_fqdn_network_policy,
            |u, on| u.set_desired_enable_fqdn_network_policy(on),
        );
        switch(
            "enable_cilium_clusterwide_network_policy",
            &self.enable_cilium_clusterwide_network_policy,
            &prior.enable_cilium_clusterwide_network_policy,
            |u, on| u.set_desired_enable_cilium_clusterwide_network_policy(on),
        );
        switch(
            "enable_multi_networking",
            &self.enable_multi_networking,
            &prior.enable_multi_networking,
            |u, on| u.set_desired_enable_multi_networking(on),
        );
        switch(
            "disable_l4_lb_firewall_reconciliation",
            &self.disable_l4_lb_firewall_reconciliation,
            &prior.disable_l4_lb_firewall_reconciliation,
            |u, on| u.set_desired_disable_l4_lb_firewall_reconciliation(on),
        );
    }

    fn update_network(&self, prior: &Self, updates: &mut Updates) {
        let mode = |blocks: &Blocks<Binary>| Binary::to_api(blocks);
        let (binary, was) = (
            mode(&self.binary_authorization),
            mode(&prior.binary_authorization),
        );
        if binary != was {
            let update = update(|u| u.set_desired_binary_authorization(binary));
            updates.push(("binary_authorization", update));
        }
        if let (Some(now), Some(was)) = (
            self.private_cluster_config.first(),
            prior.private_cluster_config.first(),
        ) {
            update_private(now, was, updates);
        }
        if let (Some(now), Some(was)) = (
            self.ip_allocation_policy.first(),
            prior.ip_allocation_policy.first(),
        ) && now.stack_type != was.stack_type
        {
            let update = update(|u| u.set_desired_stack_type(now.stack_type.as_str()));
            updates.push(("ip_allocation_policy", update));
        }
        let access = &self.private_ipv6_google_access;
        if access.is_known() && *access != prior.private_ipv6_google_access {
            let update = update(|u| u.set_desired_private_ipv6_google_access(access.as_str()));
            updates.push(("private_ipv6_google_access", update));
        }
        if let Some(now) = self.addons_config.first() {
            let changes = match prior.addons_config.first() {
                Some(was) => now.changes(was),
                None => Addons::to_api(now),
            };
            if changes != model::AddonsConfig::default() {
                let update = update(|u| u.set_desired_addons_config(changes));
                updates.push(("addons_config", update));
            }
        }
    }

    fn update_nodes(&self, prior: &Self, updates: &mut Updates) {
        if self.node_locations.is_known() && self.node_locations != prior.node_locations {
            let mut zones = self.node_locations.or_default();
            // A cluster in a zone always has nodes there.
            if is_zone(self.location.as_str()) {
                zones.insert(self.location.as_str().to_owned());
            }
            updates.push(("node_locations", update(|u| u.set_desired_locations(zones))));
        }
        let Some(defaults) = self.node_pool_defaults.first() else {
            return;
        };
        let was = prior.node_pool_defaults.first();
        if let Some(logging) = defaults.logging()
            && was.and_then(PoolDefaults::logging).as_ref() != Some(&logging)
        {
            let update = update(|u| u.set_desired_node_pool_logging_config(logging));
            updates.push(("node_pool_defaults", update));
        }
        if let Some(kubelet) = defaults.kubelet()
            && was.and_then(PoolDefaults::kubelet).as_ref() != Some(&kubelet)
        {
            let update = update(|u| u.set_desired_node_kubelet_config(kubelet));
            updates.push(("node_pool_defaults", update));
        }
        if let Some(gcfs) = defaults.gcfs()
            && was.and_then(PoolDefaults::gcfs).as_ref() != Some(&gcfs)
        {
            let update = update(|u| u.set_desired_gcfs_config(gcfs));
            updates.push(("node_pool_defaults", update));
        }
    }

    async fn change_labels(
        &self,
        prior: &Self,
        place: &Place,
        cx: &Cx<'_, Google>,
    ) -> Result<(), Error> {
        if !self.effective_labels.is_known() || self.effective_labels == prior.effective_labels {
            return Ok(());
        }
        let doing = format!("changing the labels of cluster {}", self.name.as_str());
        let wanted = self.effective_labels.or_default();
        let clusters = cx.clients.clusters().await?;
        let path = place.path();
        // Who was faster is seen by the fingerprint. It may have been ourselves, with an answer that got lost.
        for _ in 0..OVERTAKEN {
            let found = self.find(place, cx).await?;
            let found =
                found.ok_or_else(|| Error::invalid("The cluster is gone.").doing(&doing))?;
            if sorted(&found.resource_labels) == wanted {
                return Ok(());
            }
            let send = || {
                clusters
                    .set_labels()
                    .set_name(&path)
                    .set_resource_labels(wanted.clone())
                    .set_label_fingerprint(&found.label_fingerprint)
                    .with_idempotency(true)
                    .send()
            };
            match boxed(change(cx, place, TYPICAL, send)).await {
                Err(error) if error.kind == ErrorKind::Conflict => {}
                changed => return changed.doing(doing),
            }
        }
        Err(Error::new(
            ErrorKind::Conflict,
            "",
            "Others change the labels all the time.",
        )
        .doing(doing))
    }

    async fn change_maintenance(&self, place: &Place, cx: &Cx<'_, Google>) -> Result<(), Error> {
        let doing = format!(
            "changing maintenance_policy of cluster {}",
            self.name.as_str()
        );
        let wanted = Maintenance::to_api(&self.maintenance_policy);
        let clusters = cx.clients.clusters().await?;
        let path = place.path();
        for _ in 0..OVERTAKEN {
            let found = self.find(place, cx).await?;
            let found =
                found.ok_or_else(|| Error::invalid("The cluster is gone.").doing(&doing))?;
            let current = found.maintenance_policy.unwrap_or_default();
            let policy = wanted
                .clone()
                .set_resource_version(current.resource_version.clone());
            if policy == current {
                return Ok(());
            }
            let send = || {
                let set = clusters.set_maintenance_policy().set_name(&path);
                let set = set.set_maintenance_policy(policy.clone());
                set.with_idempotency(true).send()
            };
            match boxed(change(cx, place, TYPICAL, send)).await {
                Err(error) if error.kind == ErrorKind::Conflict => {}
                changed => return changed.doing(doing),
            }
        }
        Err(Error::new(
            ErrorKind::Conflict,
            "",
            "Others change the policy all the time.",
        )
        .doing(doing))
    }

    /// What is changed by requests of its own.
    async fn change_otherwise(
        &self,
        prior: &Self,
        place: &Place,
        cx: &Cx<'_, Google>,
    ) -> Result<(), Error> {
        let clusters = cx.clients.clusters().await?;
        let path = place.path();
        let doing = |what: &str| format!("changing {what} of cluster {}", self.name.as_str());
        if Maintenance::to_api(&self.maintenance_policy)
            != Maintenance::to_api(&prior.maintenance_policy)
        {
            self.change_maintenance(place, cx).await?;
        }
        let abac = self.enable_legacy_abac.is_true();
        if abac != prior.enable_legacy_abac.is_true() {
            let send = || {
                let set = clusters.set_legacy_abac().set_name(&path).set_enabled(abac);
                set.with_idempotency(true).send()
            };
            let changed = boxed(change(cx, place, TYPICAL, send)).await;
            changed.doing(doing("enable_legacy_abac"))?;
        }
        if let Some(policy) = self.policy()
            && prior.policy().as_ref() != Some(&policy)
        {
            let send = || {
                let set = clusters.set_network_policy().set_name(&path);
                let set = set.set_network_policy(policy.clone());
                set.with_idempotency(true).send()
            };
            let changed = boxed(change(cx, place, TYPICAL, send)).await;
            changed.doing(doing("network_policy"))?;
        }
        Ok(())
    }
}

fn update_private(now: &PrivateCluster, was: &PrivateCluster, updates: &mut Updates) {
    let (nodes, endpoint) = (
        now.enable_private_nodes.is_true(),
        now.enable_private_endpoint.is_true(),
    );
    if nodes != was.enable_private_nodes.is_true() {
        let update = update(|u| u.set_desired_default_enable_private_nodes(nodes));
        updates.push(("private_cluster_config", update));
    }
    if endpoint != was.enable_private_endpoint.is_true() {
        let update = update(|u| u.set_desired_enable_private_endpoint(endpoint));
        updates.push(("private_cluster_config", update));
    }
    let (config, before) = (now.to_api(), was.to_api());
    if config.master_global_access_config.is_some()
        && config.master_global_access_config != before.master_global_access_config
    {
        let config = model::PrivateClusterConfig::new()
            .set_enable_private_endpoint(endpoint)
            .set_private_endpoint_subnetwork(config.private_endpoint_subnetwork)
            .set_or_clear_master_global_access_config(config.master_global_access_config);
        let update = update(|u| u.set_desired_private_cluster_config(config));
        updates.push(("private_cluster_config", update));
    }
}

/// Whether a location is a zone: `europe-west3-a`.
fn is_zone(location: &str) -> bool {
    location
        .rsplit('-')
        .next()
        .is_some_and(|last| last.len() == 1)
}

/// Whether a version is newer than another. `latest` and the like may be.
fn is_newer(wanted: &str, current: &str) -> bool {
    if wanted.is_empty() || current.starts_with(wanted) {
        return false;
    }
    let numbers = |text: &str| -> Vec<u64> {
        let parts = text.split(|c: char| !c.is_ascii_digit());
        parts.filter_map(|part| part.parse().ok()).collect()
    };
    let (wanted, current) = (numbers(wanted), numbers(current));
    wanted.is_empty() || wanted > current
}

#[cfg(test)]
mod tests {
    use super::is_newer;

    #[test]
    fn versions_are_compared_by_number() {
        for (wanted, current, newer) in [
            ("1.34", "1.33.9-gke.100", true),
            ("1.33", "1.33.9-gke.100", false),
            ("1.33.10-gke.1", "1.33.9-gke.100", true),
            ("1.32.9-gke.200", "1.33.9-gke.100", false),
            ("latest", "1.33.9-gke.100", true),
            ("", "1.33.9-gke.100", false),
        ] {
            assert_eq!(is_newer(wanted, current), newer, "{wanted}");
        }
    }
}
