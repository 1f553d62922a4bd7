//! `node_config`: what the machines of a node pool are like.

use super::values::{Enabled, choice, enabled, number, sorted};
use google_cloud_container_v1::model;
use sdk::{Attr, Blocks, Model};
use std::collections::{BTreeMap, BTreeSet};

/// Labels and metadata by key.
type Map = BTreeMap<String, String>;

/// What the machines are like.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct NodeConfig {
    /// The key that encrypts boot disks.
    #[attr(optional, requires_replace, zero)]
    boot_disk_kms_key: Attr<String>,
    /// The size of boot disks in GB, at least 10.
    #[attr(optional, computed, range(10, 65536))]
    pub(super) disk_size_gb: Attr<i64>,
    /// The type of boot disks: `pd-standard`, `pd-balanced`, `pd-ssd`, `hyperdisk-balanced`.
    #[attr(optional, computed)]
    pub(super) disk_type: Attr<String>,
    /// The image: `COS_CONTAINERD`, `UBUNTU_CONTAINERD`, `WINDOWS_LTSC_CONTAINERD`.
    #[attr(optional, computed, same = same_letters)]
    pub(super) image_type: Attr<String>,
    /// Kubernetes labels of the nodes.
    #[attr(optional, computed)]
    pub(super) labels: Attr<Map>,
    /// How many local SSDs each machine has.
    #[attr(optional, computed, requires_replace)]
    local_ssd_count: Attr<i64>,
    /// How much the logging agent does: `DEFAULT` or `MAX_THROUGHPUT`.
    #[attr(optional, computed, one_of("DEFAULT", "MAX_THROUGHPUT"))]
    pub(super) logging_variant: Attr<String>,
    /// The type of the machines.
    #[attr(optional, computed)]
    pub(super) machine_type: Attr<String>,
    /// Metadata of the machines.
    #[attr(optional, computed, requires_replace, same = same_metadata)]
    metadata: Attr<Map>,
    /// The oldest CPU that will do.
    #[attr(optional, computed, requires_replace)]
    min_cpu_platform: Attr<String>,
    /// What the machines may call.
    #[attr(optional, computed, requires_replace)]
    oauth_scopes: Attr<BTreeSet<String>>,
    /// Whether the machines live for a day at most.
    #[attr(optional, requires_replace, default = false)]
    preemptible: Attr<bool>,
    /// Labels of the machines.
    #[attr(optional, zero)]
    pub(super) resource_labels: Attr<Map>,
    /// Whom the machines act as.
    #[attr(optional, computed, requires_replace)]
    service_account: Attr<String>,
    /// Whether the machines are cheap and can be taken away.
    #[attr(optional, requires_replace, default = false)]
    spot: Attr<bool>,
    /// Network tags of the machines.
    #[attr(optional, zero)]
    pub(super) tags: Attr<Vec<String>>,
    /// Image streaming.
    #[block(list, max = 1, computed)]
    pub(super) gcfs_config: Blocks<Enabled>,
    /// The virtual network card of Google.
    #[block(list, max = 1, computed)]
    pub(super) gvnic: Blocks<Enabled>,
    /// What is made sure when machines boot.
    #[block(list, max = 1, computed, requires_replace)]
    shielded_instance_config: Blocks<Shielded>,
    /// Which Pods may be on the nodes.
    #[block(list)]
    pub(super) taint: Blocks<Taint>,
    /// What Pods see of the metadata server.
    #[block(list, max = 1, computed)]
    pub(super) workload_metadata_config: Blocks<WorkloadMetadata>,
}

/// What is made sure when machines boot.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Shielded {
    /// Whether the boot chain is compared with a baseline.
    #[attr(optional, requires_replace, default = true)]
    enable_integrity_monitoring: Attr<bool>,
    /// Whether only signed software boots.
    #[attr(optional, requires_replace, default = false)]
    enable_secure_boot: Attr<bool>,
}

/// Which Pods may be on the nodes: those that tolerate it.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Taint {
    /// What happens to others.
    #[attr(required, one_of("NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE"))]
    effect: Attr<String>,
    /// The key.
    #[attr(required)]
    key: Attr<String>,
    /// The value.
    #[attr(required)]
    value: Attr<String>,
}

/// What Pods see of the metadata server.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct WorkloadMetadata {
    /// `GKE_METADATA`: what Workload Identity needs; `GCE_METADATA`: that of the machine.
    #[attr(required, one_of("MODE_UNSPECIFIED", "GCE_METADATA", "GKE_METADATA"))]
    mode: Attr<String>,
}

#[expect(clippy::ptr_arg, reason = "the derive gives what the attribute holds")]
fn same_letters(one: &String, other: &String) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// New machines have `disable-legacy-endpoints`, said or not.
fn same_metadata(one: &Map, other: &Map) -> bool {
    let own = |map: &Map| {
        let mut map = map.clone();
        if map
            .get("disable-legacy-endpoints")
            .is_some_and(|v| v == "true")
        {
            map.remove("disable-legacy-endpoints");
        }
        map
    };
    own(one) == own(other)
}

impl NodeConfig {
    /// As messages have it.
    pub(super) fn to_api(&self) -> model::NodeConfig {
        let config = model::NodeConfig::new()
            .set_boot_disk_kms_key(self.boot_disk_kms_key.as_str())
            .set_disk_size_gb(number(&self.disk_size_gb))
            .set_disk_type(self.disk_type.as_str())
            .set_image_type(self.image_type.as_str())
            .set_labels(self.labels.or_default())
            .set_local_ssd_count(number(&self.local_ssd_count))
            .set_machine_type(self.machine_type.as_str())
            .set_metadata(self.metadata.or_default())
            .set_min_cpu_platform(self.min_cpu_platform.as_str())
            .set_oauth_scopes(self.oauth_scopes.or_default())
            .set_preemptible(self.preemptible.is_true())
            .set_resource_labels(self.resource_labels.or_default())
            .set_service_account(self.service_account.as_str())
            .set_spot(self.spot.is_true())
            .set_tags(self.tags.or_default())
            .set_taints(self.taints());
        let shielded = self.shielded_instance_config.first().map(|shielded| {
            model::ShieldedInstanceConfig::new()
                .set_enable_integrity_monitoring(shielded.enable_integrity_monitoring.is_true())
                .set_enable_secure_boot(shielded.enable_secure_boot.is_true())
        });
        config
            .set_or_clear_logging_config(self.logging())
            .set_or_clear_gcfs_config(self.gcfs())
            .set_or_clear_gvnic(self.nic())
            .set_or_clear_shielded_instance_config(shielded)
            .set_or_clear_workload_metadata_config(self.workload_metadata())
    }

    pub(super) fn taints(&self) -> Vec<model::NodeTaint> {
        let taint = |taint: &Taint| {
            model::NodeTaint::new()
                .set_effect(taint.effect.as_str())
                .set_key(taint.key.as_str())
                .set_value(taint.value.as_str())
        };
        self.taint.iter().map(taint).collect()
    }

    pub(super) fn logging(&self) -> Option<model::NodePoolLoggingConfig> {
        self.logging_variant.known().map(|variant| logging(variant))
    }

    pub(super) fn gcfs(&self) -> Option<model::GcfsConfig> {
        enabled(&self.gcfs_config).map(|on| model::GcfsConfig::new().set_enabled(on))
    }

    pub(super) fn nic(&self) -> Option<model::VirtualNIC> {
        enabled(&self.gvnic).map(|on| model::VirtualNIC::new().set_enabled(on))
    }

    pub(super) fn workload_metadata(&self) -> Option<model::WorkloadMetadataConfig> {
        let mode = self.workload_metadata_config.first();
        mode.map(|m| model::WorkloadMetadataConfig::new().set_mode(m.mode.as_str()))
    }

    /// From a message.
    pub(super) fn from_api(config: &model::NodeConfig) -> Self {
        let taint = |taint: &model::NodeTaint| Taint {
            effect: choice(taint.effect.name()),
            key: taint.key.as_str().into(),
            value: taint.value.as_str().into(),
        };
        let variant = config.logging_config.as_ref();
        let variant = variant.and_then(|logging| logging.variant_config.as_ref());
        let shielded = config.shielded_instance_config.clone().unwrap_or_default();
        let metadata = config.workload_metadata_config.as_ref();
        let mut resource_labels = sorted(&config.resource_labels);
        resource_labels.retain(|key, _| !key.starts_with("goog-"));
        Self {
            boot_disk_kms_key: config.boot_disk_kms_key.as_str().into(),
            disk_size_gb: i64::from(config.disk_size_gb).into(),
            disk_type: config.disk_type.as_str().into(),
            image_type: config.image_type.as_str().into(),
            labels: sorted(&config.labels).into(),
            local_ssd_count: i64::from(config.local_ssd_count).into(),
            logging_variant: variant
                .and_then(|variant| variant.variant.name())
                .unwrap_or("DEFAULT")
                .into(),
            machine_type: config.machine_type.as_str().into(),
            metadata: sorted(&config.metadata).into(),
            min_cpu_platform: config.min_cpu_platform.as_str().into(),
            oauth_scopes: config
                .oauth_scopes
                .iter()
                .cloned()
                .collect::<BTreeSet<_>>()
                .into(),
            preemptible: config.preemptible.into(),
            resource_labels: resource_labels.into(),
            service_account: config.service_account.as_str().into(),
            spot: config.spot.into(),
            tags: config.tags.clone().into(),
            gcfs_config: Enabled::block(config.gcfs_config.as_ref().is_some_and(|g| g.enabled)),
            gvnic: Enabled::block(config.gvnic.as_ref().is_some_and(|g| g.enabled)),
            shielded_instance_config: Some(Shielded {
                enable_integrity_monitoring: shielded.enable_integrity_monitoring.into(),
                enable_secure_boot: shielded.enable_secure_boot.into(),
            })
            .into(),
            taint: config.taints.iter().map(taint).collect(),
            workload_metadata_config: metadata
                .map(|metadata| WorkloadMetadata {
                    mode: choice(metadata.mode.name()),
                })
                .into(),
        }
    }
}

/// How much the logging agent does.
pub(super) fn logging(variant: &str) -> model::NodePoolLoggingConfig {
    let variant = model::LoggingVariantConfig::new().set_variant(variant);
    model::NodePoolLoggingConfig::new().set_variant_config(variant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_may_have_what_all_have() {
        let map = |entries: &[(&str, &str)]| -> Map {
            let entries = entries
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
            entries.collect()
        };
        let (bare, usual) = (
            map(&[("a", "b")]),
            map(&[("a", "b"), ("disable-legacy-endpoints", "true")]),
        );
        assert!(same_metadata(&bare, &usual));
        assert!(!same_metadata(&bare, &map(&[])));
        assert!(!same_metadata(
            &bare,
            &map(&[("a", "b"), ("disable-legacy-endpoints", "false")])
        ));
    }
}
