//! Changes of a node pool: the service takes one thing at a time.

use super::super::node_config::NodeConfig;
use super::super::operations::{Place, change};
use super::super::values::number;
use super::settings::{Autoscaling, Management, Upgrade};
use super::{NodePool, TYPICAL};
use crate::Google;
use google_cloud_container_v1::model::{self, UpdateNodePoolRequest};
use google_cloud_gax::options::RequestOptionsBuilder;
use sdk::{Attr, Cx, Error, Keep};

type Updates = Vec<(&'static str, UpdateNodePoolRequest)>;

impl NodePool {
    /// Carries out what differs, one after the other.
    pub(super) async fn change(
        &self,
        prior: &Self,
        place: &Place,
        cx: &Cx<'_, Google>,
    ) -> Result<(), Error> {
        let path = place.pool(self.name.as_str());
        let clusters = cx.clients.clusters().await?;
        let doing = |what: &str| format!("changing {what} of node pool {}", self.name.as_str());
        self.change_management(prior, place, cx).await?;
        for (what, update) in self.updates(prior) {
            let send = || {
                let request = update.clone().set_name(&path);
                let request = clusters.update_node_pool().with_request(request);
                request.with_idempotency(true).send()
            };
            change(cx, place, TYPICAL, send).await.doing(doing(what))?;
        }
        if self.node_count.is_known() && self.node_count != prior.node_count {
            let send = || {
                let set = clusters.set_node_pool_size().set_name(&path);
                let set = set.set_node_count(number(&self.node_count));
                set.with_idempotency(true).send()
            };
            let changed = change(cx, place, TYPICAL, send).await;
            changed.doing(doing("node_count"))?;
        }
        Ok(())
    }

    async fn change_management(
        &self,
        prior: &Self,
        place: &Place,
        cx: &Cx<'_, Google>,
    ) -> Result<(), Error> {
        let path = place.pool(self.name.as_str());
        let clusters = cx.clients.clusters().await?;
        let doing = |what: &str| format!("changing {what} of node pool {}", self.name.as_str());
        let scaling = self.autoscaling.first().map(Autoscaling::to_api);
        if scaling != prior.autoscaling.first().map(Autoscaling::to_api) {
            // Without a block the number of nodes stays as it is.
            let scaling = scaling.unwrap_or_default();
            let send = || {
                let set = clusters.set_node_pool_autoscaling().set_name(&path);
                let set = set.set_autoscaling(scaling.clone());
                set.with_idempotency(true).send()
            };
            let changed = change(cx, place, TYPICAL, send).await;
            changed.doing(doing("autoscaling"))?;
        }
        if let Some(management) = self.management.first().map(Management::to_api)
            && prior.management.first().map(Management::to_api).as_ref() != Some(&management)
        {
            let send = || {
                let set = clusters.set_node_pool_management().set_name(&path);
                let set = set.set_management(management.clone());
                set.with_idempotency(true).send()
            };
            let changed = change(cx, place, TYPICAL, send).await;
            changed.doing(doing("management"))?;
        }
        Ok(())
    }

    /// The updates that bring what was to what is wanted.
    pub(super) fn updates(&self, prior: &Self) -> Updates {
        let mut updates = Updates::new();
        let new = UpdateNodePoolRequest::new;
        let differs = |now: &Attr<String>, was: &Attr<String>| now.is_known() && now != was;
        if differs(&self.version, &prior.version) {
            updates.push(("version", new().set_node_version(self.version.as_str())));
        }
        if self.node_locations.is_known() && self.node_locations != prior.node_locations {
            let zones = self.node_locations.or_default();
            updates.push(("node_locations", new().set_locations(zones)));
        }
        if let Some(settings) = self.upgrade_settings.first().map(Upgrade::to_api)
            && prior.upgrade_settings.first().map(Upgrade::to_api).as_ref() != Some(&settings)
        {
            updates.push(("upgrade_settings", new().set_upgrade_settings(settings)));
        }
        if let Some(now) = self.network_config.first() {
            let was = prior.network_config.first();
            let private = now.enable_private_nodes.to_option();
            if private.is_some() && was.and_then(|w| w.enable_private_nodes.to_option()) != private
            {
                let network = model::NodeNetworkConfig::new();
                let network = network.set_or_clear_enable_private_nodes(private);
                updates.push(("network_config", new().set_node_network_config(network)));
            }
        }
        if let (Some(now), Some(was)) = (self.node_config.first(), prior.node_config.first()) {
            update_config(now, was, &mut updates);
        }
        updates
    }
}

fn update_config(now: &NodeConfig, was: &NodeConfig, updates: &mut Updates) {
    let new = UpdateNodePoolRequest::new;
    let differs = |now: &Attr<String>, was: &Attr<String>| now.is_known() && now != was;
    let size = now.disk_size_gb.is_known() && now.disk_size_gb != was.disk_size_gb;
    // Machine and disk go together: not every machine takes every disk.
    if differs(&now.machine_type, &was.machine_type)
        || differs(&now.disk_type, &was.disk_type)
        || size
    {
        let mut update = new();
        if differs(&now.machine_type, &was.machine_type) {
            update = update.set_machine_type(now.machine_type.as_str());
        }
        if differs(&now.disk_type, &was.disk_type) {
            update = update.set_disk_type(now.disk_type.as_str());
        }
        if size {
            update = update.set_disk_size_gb(now.disk_size_gb.or_default());
        }
        updates.push(("machine_type, disk_type, disk_size_gb", update));
    }
    if differs(&now.image_type, &was.image_type) {
        updates.push(("image_type", new().set_image_type(now.image_type.as_str())));
    }
    if now.labels.is_known() && now.labels != was.labels {
        let labels = model::NodeLabels::new().set_labels(now.labels.or_default());
        updates.push(("labels", new().set_labels(labels)));
    }
    if now.taints() != was.taints() {
        let taints = model::NodeTaints::new().set_taints(now.taints());
        updates.push(("taint", new().set_taints(taints)));
    }
    if now.tags.or_default() != was.tags.or_default() {
        let tags = model::NetworkTags::new().set_tags(now.tags.or_default());
        updates.push(("tags", new().set_tags(tags)));
    }
    if now.resource_labels.or_default() != was.resource_labels.or_default() {
        let labels = model::ResourceLabels::new().set_labels(now.resource_labels.or_default());
        updates.push(("resource_labels", new().set_resource_labels(labels)));
    }
    if let Some(logging) = now.logging()
        && was.logging().as_ref() != Some(&logging)
    {
        updates.push(("logging_variant", new().set_logging_config(logging)));
    }
    if let Some(metadata) = now.workload_metadata()
        && was.workload_metadata().as_ref() != Some(&metadata)
    {
        updates.push((
            "workload_metadata_config",
            new().set_workload_metadata_config(metadata),
        ));
    }
    if let Some(gcfs) = now.gcfs()
        && was.gcfs().as_ref() != Some(&gcfs)
    {
        updates.push(("gcfs_config", new().set_gcfs_config(gcfs)));
    }
    if let Some(nic) = now.nic()
        && was.nic().as_ref() != Some(&nic)
    {
        updates.push(("gvnic", new().set_gvnic(nic)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sdk::Model;

    #[test]
    fn updates_are_of_what_differs() {
        let mut was = NodePool::empty();
        was.node_config = Some(NodeConfig::empty()).into();
        let mut now = was.clone();
        assert!(now.updates(&was).is_empty());
        now.version = "1.34".into();
        now.node_config[0].machine_type = "e2-standard-8".into();
        now.node_config[0].disk_size_gb = 200.into();
        let updates: Vec<&str> = now
            .updates(&was)
            .into_iter()
            .map(|(what, _)| what)
            .collect();
        assert_eq!(
            updates,
            ["version", "machine_type, disk_type, disk_size_gb"]
        );
    }
}
