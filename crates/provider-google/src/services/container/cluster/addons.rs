//! Add-ons: what runs in a cluster besides the workloads.

use super::super::values::{Disabled, Enabled, disabled, enabled};
use google_cloud_container_v1::model;
use sdk::{Blocks, Model};

/// What runs in the cluster besides the workloads.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Addons {
    /// The controller of load balancers.
    #[block(list, max = 1, computed)]
    http_load_balancing: Blocks<Disabled>,
    /// Scaling of workloads by load.
    #[block(list, max = 1, computed)]
    horizontal_pod_autoscaling: Blocks<Disabled>,
    /// The part of network policies on the control plane.
    #[block(list, max = 1, computed)]
    network_policy_config: Blocks<Disabled>,
    /// A DNS cache on every node.
    #[block(list, max = 1, computed)]
    dns_cache_config: Blocks<Enabled>,
    /// Config Connector.
    #[block(list, max = 1, computed)]
    config_connector_config: Blocks<Enabled>,
    /// The driver of Persistent Disk.
    #[block(list, max = 1, computed)]
    gce_persistent_disk_csi_driver_config: Blocks<Enabled>,
    /// The driver of Filestore.
    #[block(list, max = 1, computed)]
    gcp_filestore_csi_driver_config: Blocks<Enabled>,
    /// The driver of Cloud Storage.
    #[block(list, max = 1, computed)]
    gcs_fuse_csi_driver_config: Blocks<Enabled>,
    /// The agent of Backup for GKE.
    #[block(list, max = 1, computed)]
    gke_backup_agent_config: Blocks<Enabled>,
    /// The operator that keeps stateful workloads up.
    #[block(list, max = 1, computed)]
    stateful_ha_config: Blocks<Enabled>,
    /// The driver of Parallelstore.
    #[block(list, max = 1, computed)]
    parallelstore_csi_driver_config: Blocks<Enabled>,
}

impl Addons {
    pub(super) fn to_api(&self) -> model::AddonsConfig {
        model::AddonsConfig::new()
            .set_or_clear_http_load_balancing(
                disabled(&self.http_load_balancing)
                    .map(|off| model::HttpLoadBalancing::new().set_disabled(off)),
            )
            .set_or_clear_horizontal_pod_autoscaling(
                disabled(&self.horizontal_pod_autoscaling)
                    .map(|off| model::HorizontalPodAutoscaling::new().set_disabled(off)),
            )
            .set_or_clear_network_policy_config(
                disabled(&self.network_policy_config)
                    .map(|off| model::NetworkPolicyConfig::new().set_disabled(off)),
            )
            .set_or_clear_dns_cache_config(
                enabled(&self.dns_cache_config)
                    .map(|on| model::DnsCacheConfig::new().set_enabled(on)),
            )
            .set_or_clear_config_connector_config(
                enabled(&self.config_connector_config)
                    .map(|on| model::ConfigConnectorConfig::new().set_enabled(on)),
            )
            .set_or_clear_gce_persistent_disk_csi_driver_config(
                enabled(&self.gce_persistent_disk_csi_driver_config)
                    .map(|on| model::GcePersistentDiskCsiDriverConfig::new().set_enabled(on)),
            )
            .set_or_clear_gcp_filestore_csi_driver_config(
                enabled(&self.gcp_filestore_csi_driver_config)
                    .map(|on| model::GcpFilestoreCsiDriverConfig::new().set_enabled(on)),
            )
            .set_or_clear_gcs_fuse_csi_driver_config(
                enabled(&self.gcs_fuse_csi_driver_config)
                    .map(|on| model::GcsFuseCsiDriverConfig::new().set_enabled(on)),
            )
            .set_or_clear_gke_backup_agent_config(
                enabled(&self.gke_backup_agent_config)
                    .map(|on| model::GkeBackupAgentConfig::new().set_enabled(on)),
            )
            .set_or_clear_stateful_ha_config(
                enabled(&self.stateful_ha_config)
                    .map(|on| model::StatefulHAConfig::new().set_enabled(on)),
            )
            .set_or_clear_parallelstore_csi_driver_config(
                enabled(&self.parallelstore_csi_driver_config)
                    .map(|on| model::ParallelstoreCsiDriverConfig::new().set_enabled(on)),
            )
    }

    /// Only what differs.
    pub(super) fn changes(&self, prior: &Self) -> model::AddonsConfig {
        let (mut now, was) = (self.to_api(), prior.to_api());
        if now.http_load_balancing == was.http_load_balancing {
            now.http_load_balancing = None;
        }
        if now.horizontal_pod_autoscaling == was.horizontal_pod_autoscaling {
            now.horizontal_pod_autoscaling = None;
        }
        if now.network_policy_config == was.network_policy_config {
            now.network_policy_config = None;
        }
        if now.dns_cache_config == was.dns_cache_config {
            now.dns_cache_config = None;
        }
        if now.config_connector_config == was.config_connector_config {
            now.config_connector_config = None;
        }
        if now.gce_persistent_disk_csi_driver_config == was.gce_persistent_disk_csi_driver_config {
            now.gce_persistent_disk_csi_driver_config = None;
        }
        if now.gcp_filestore_csi_driver_config == was.gcp_filestore_csi_driver_config {
            now.gcp_filestore_csi_driver_config = None;
        }
        if now.gcs_fuse_csi_driver_config == was.gcs_fuse_csi_driver_config {
            now.gcs_fuse_csi_driver_config = None;
        }
        if now.gke_backup_agent_config == was.gke_backup_agent_config {
            now.gke_backup_agent_config = None;
        }
        if now.stateful_ha_config == was.stateful_ha_config {
            now.stateful_ha_config = None;
        }
        if now.parallelstore_csi_driver_config == was.parallelstore_csi_driver_config {
            now.parallelstore_csi_driver_config = None;
        }
        now
    }

    pub(super) fn from_api(config: &model::AddonsConfig) -> Self {
        Self {
            http_load_balancing: Disabled::block(
                config
                    .http_load_balancing
                    .as_ref()
                    .is_some_and(|a| a.disabled),
            ),
            horizontal_pod_autoscaling: Disabled::block(
                config
                    .horizontal_pod_autoscaling
                    .as_ref()
                    .is_some_and(|a| a.disabled),
            ),
            network_policy_config: Disabled::block(
                config
                    .network_policy_config
                    .as_ref()
                    .is_some_and(|a| a.disabled),
            ),
            dns_cache_config: Enabled::block(
                config.dns_cache_config.as_ref().is_some_and(|a| a.enabled),
            ),
            config_connector_config: Enabled::block(
                config
                    .config_connector_config
                    .as_ref()
                    .is_some_and(|a| a.enabled),
            ),
            gce_persistent_disk_csi_driver_config: Enabled::block(
                config
                    .gce_persistent_disk_csi_driver_config
                    .as_ref()
                    .is_some_and(|a| a.enabled),
            ),
            gcp_filestore_csi_driver_config: Enabled::block(
                config
                    .gcp_filestore_csi_driver_config
                    .as_ref()
                    .is_some_and(|a| a.enabled),
            ),
            gcs_fuse_csi_driver_config: Enabled::block(
                config
                    .gcs_fuse_csi_driver_config
                    .as_ref()
                    .is_some_and(|a| a.enabled),
            ),
            gke_backup_agent_config: Enabled::block(
                config
                    .gke_backup_agent_config
                    .as_ref()
                    .is_some_and(|a| a.enabled),
            ),
            stateful_ha_config: Enabled::block(
                config
                    .stateful_ha_config
                    .as_ref()
                    .is_some_and(|a| a.enabled),
            ),
            parallelstore_csi_driver_config: Enabled::block(
                config
                    .parallelstore_csi_driver_config
                    .as_ref()
                    .is_some_and(|a| a.enabled),
            ),
        }
    }
}
