//! A cluster as the service is asked for it.

use super::super::values::{disabled, enabled, number};
use super::maintenance::Maintenance;
use super::network::{AuthorizedNetworks, Endpoints, IpAllocation, PrivateCluster};
use super::security::Binary;
use super::{Addons, Autoscaling, Cluster};
use google_cloud_container_v1::model;
use google_cloud_wkt::BoolValue;
use sdk::Blocks;

/// The parts that are described alike when a cluster is made and when it is changed. `None`: nothing is said about it.
impl Cluster {
    pub(super) fn groups(&self) -> Option<model::AuthenticatorGroupsConfig> {
        Some(self.authenticator_groups_config.first()?.to_api())
    }

    pub(super) fn autoscaling(&self) -> Option<model::ClusterAutoscaling> {
        self.cluster_autoscaling.first().map(Autoscaling::to_api)
    }

    pub(super) fn endpoints(&self) -> Option<model::ControlPlaneEndpointsConfig> {
        self.control_plane_endpoints_config
            .first()
            .map(Endpoints::to_api)
    }

    pub(super) fn costs(&self) -> Option<model::CostManagementConfig> {
        let on = enabled(&self.cost_management_config)?;
        Some(model::CostManagementConfig::new().set_enabled(on))
    }

    pub(super) fn encryption(&self) -> Option<model::DatabaseEncryption> {
        Some(self.database_encryption.first()?.to_api())
    }

    pub(super) fn snat(&self) -> Option<model::DefaultSnatStatus> {
        let off = disabled(&self.default_snat_status)?;
        Some(model::DefaultSnatStatus::new().set_disabled(off))
    }

    /// Without a block, names are answered as usual.
    pub(super) fn dns(&self) -> Option<model::DNSConfig> {
        let dns = self.dns_config.first().map(super::network::Dns::to_api);
        Some(dns.unwrap_or_default())
    }

    pub(super) fn gateway(&self) -> Option<model::GatewayAPIConfig> {
        let channel = self.gateway_api_config.first()?.channel.to_option()?;
        Some(model::GatewayAPIConfig::new().set_channel(channel.as_str()))
    }

    pub(super) fn identities(&self) -> Option<model::IdentityServiceConfig> {
        let on = self.identity_service_config.first()?.enabled.is_true();
        Some(model::IdentityServiceConfig::new().set_enabled(on))
    }

    pub(super) fn logging(&self) -> Option<model::LoggingConfig> {
        Some(self.logging_config.first()?.to_api())
    }

    pub(super) fn monitoring(&self) -> Option<model::MonitoringConfig> {
        Some(self.monitoring_config.first()?.to_api())
    }

    /// Without a block, the control plane is reached from everywhere.
    pub(super) fn networks(&self) -> Option<model::MasterAuthorizedNetworksConfig> {
        let networks = self.master_authorized_networks_config.first();
        Some(networks.map(AuthorizedNetworks::to_api).unwrap_or_default())
    }

    pub(super) fn mesh(&self) -> Option<model::MeshCertificates> {
        let on = self
            .mesh_certificates
            .first()?
            .enable_certificates
            .to_option()?;
        Some(model::MeshCertificates::new().set_enable_certificates(on as BoolValue))
    }

    pub(super) fn policy(&self) -> Option<model::NetworkPolicy> {
        let policy = self.network_policy.first()?;
        let on = policy.enabled.is_true();
        let provider = policy.provider.as_str();
        Some(
            model::NetworkPolicy::new()
                .set_enabled(on)
                .set_provider(provider),
        )
    }

    pub(super) fn notifications(&self) -> Option<model::NotificationConfig> {
        Some(self.notification_config.first()?.to_api())
    }

    pub(super) fn channel(&self) -> Option<model::ReleaseChannel> {
        let channel = self.release_channel.first()?.channel.to_option()?;
        Some(model::ReleaseChannel::new().set_channel(channel.as_str()))
    }

    pub(super) fn posture(&self) -> Option<model::SecurityPostureConfig> {
        Some(self.security_posture_config.first()?.to_api())
    }

    pub(super) fn external_ips(&self) -> Option<model::ServiceExternalIPsConfig> {
        let on = enabled(&self.service_external_ips_config)?;
        Some(model::ServiceExternalIPsConfig::new().set_enabled(on))
    }

    pub(super) fn vertical(&self) -> Option<model::VerticalPodAutoscaling> {
        let on = enabled(&self.vertical_pod_autoscaling)?;
        Some(model::VerticalPodAutoscaling::new().set_enabled(on))
    }

    pub(super) fn workload_identity(&self) -> Option<model::WorkloadIdentityConfig> {
        let pool = self
            .workload_identity_config
            .first()?
            .workload_pool
            .as_str();
        Some(model::WorkloadIdentityConfig::new().set_workload_pool(pool))
    }

    pub(super) fn shielded(&self) -> Option<model::ShieldedNodes> {
        let on = self.enable_shielded_nodes.to_option()?;
        Some(model::ShieldedNodes::new().set_enabled(on))
    }

    pub(super) fn intranode(&self) -> Option<model::IntraNodeVisibilityConfig> {
        let on = self.enable_intranode_visibility.to_option()?;
        Some(model::IntraNodeVisibilityConfig::new().set_enabled(on))
    }

    pub(super) fn subsetting(&self) -> Option<model::ILBSubsettingConfig> {
        let on = self.enable_l4_ilb_subsetting.to_option()?;
        Some(model::ILBSubsettingConfig::new().set_enabled(on))
    }

    fn network_config(&self) -> model::NetworkConfig {
        let mut config = model::NetworkConfig::new()
            .set_enable_intra_node_visibility(self.enable_intranode_visibility.is_true())
            .set_enable_l4ilb_subsetting(self.enable_l4_ilb_subsetting.is_true())
            .set_enable_multi_networking(self.enable_multi_networking.is_true())
            .set_or_clear_default_snat_status(self.snat())
            .set_or_clear_gateway_api_config(self.gateway())
            .set_or_clear_service_external_ips_config(self.external_ips())
            .set_or_clear_dns_config(self.dns().filter(|_| !self.dns_config.is_empty()));
        if let Some(provider) = self.datapath_provider.known() {
            config = config.set_datapath_provider(provider.as_str());
        }
        if let Some(access) = self.private_ipv6_google_access.known() {
            config = config.set_private_ipv6_google_access(access.as_str());
        }
        if self.enable_fqdn_network_policy.is_true() {
            config = config.set_enable_fqdn_network_policy(true);
        }
        if self.enable_cilium_clusterwide_network_policy.is_true() {
            config = config.set_enable_cilium_clusterwide_network_policy(true);
        }
        if self.disable_l4_lb_firewall_reconciliation.is_true() {
            config = config.set_disable_l4_lb_firewall_reconciliation(true);
        }
        config
    }

    /// Where Pods and Services have their addresses from: from secondary ranges unless something else is said.
    fn addresses(&self) -> Option<model::IPAllocationPolicy> {
        match self.networking_mode.as_str() {
            "ROUTES" => Some(model::IPAllocationPolicy::new().set_use_routes(true)),
            _ if self.cluster_ipv4_cidr.is_known() && self.ip_allocation_policy.is_empty() => None,
            _ => Some(self.ip_allocation_policy.first().map_or_else(
                || model::IPAllocationPolicy::new().set_use_ip_aliases(true),
                IpAllocation::to_api,
            )),
        }
    }
}

fn given<T, U>(blocks: &Blocks<T>, value: impl FnOnce() -> U) -> Option<U> {
    (!blocks.is_empty()).then(value)
}

impl From<&Cluster> for model::Cluster {
    /// Field by field: a message is large, and every setter moves it.
    fn from(this: &Cluster) -> Self {
        let autopilot = this.enable_autopilot.is_true();
        let mut cluster = Self::new();
        cluster.name = this.name.as_str().to_owned();
        cluster.description = this.description.as_str().to_owned();
        cluster.locations = this.node_locations.or_default().into_iter().collect();
        cluster.initial_node_count = match this.initial_node_count.is_known() {
            false if autopilot => 1,
            _ => number(&this.initial_node_count),
        };
        cluster.initial_cluster_version = this.min_master_version.as_str().to_owned();
        cluster.network = this.network.as_str().to_owned();
        cluster.subnetwork = this.subnetwork.as_str().to_owned();
        cluster.cluster_ipv4_cidr = this.cluster_ipv4_cidr.as_str().to_owned();
        cluster.logging_service = this.logging_service.as_str().to_owned();
        cluster.monitoring_service = this.monitoring_service.as_str().to_owned();
        cluster.enable_kubernetes_alpha = this.enable_kubernetes_alpha.is_true();
        cluster.resource_labels = this.effective_labels.or_default().into_iter().collect();
        cluster.network_config = Some(this.network_config());
        cluster.ip_allocation_policy = this.addresses();
        cluster.node_config = this.node_config.first().map(|config| config.to_api());
        let abac = this.enable_legacy_abac.is_true();
        cluster.legacy_abac = Some(model::LegacyAbac::new().set_enabled(abac));
        let pods = this.default_max_pods_per_node.to_option();
        cluster.default_max_pods_constraint =
            pods.map(|pods| model::MaxPodsConstraint::new().set_max_pods_per_node(pods));
        cluster.autopilot = autopilot.then(|| model::Autopilot::new().set_enabled(true));
        cluster.shielded_nodes = this.shielded().filter(|_| !autopilot);
        describe_blocks(this, &mut cluster);
        cluster
    }
}

fn describe_blocks(this: &Cluster, cluster: &mut model::Cluster) {
    cluster.addons_config = this.addons_config.first().map(Addons::to_api);
    cluster.authenticator_groups_config = this.groups();
    let binary = &this.binary_authorization;
    cluster.binary_authorization = given(binary, || Binary::to_api(binary));
    cluster.autoscaling = this.autoscaling();
    cluster.control_plane_endpoints_config = this.endpoints();
    cluster.cost_management_config = this.costs();
    cluster.database_encryption = this.encryption();
    cluster.identity_service_config = this.identities();
    cluster.logging_config = this.logging();
    cluster.monitoring_config = this.monitoring();
    let maintenance = &this.maintenance_policy;
    cluster.maintenance_policy = given(maintenance, || Maintenance::to_api(maintenance));
    cluster.master_auth = this.master_auth.first().map(super::MasterAuth::to_api);
    cluster.master_authorized_networks_config = this.networks().filter(|n| n.enabled);
    cluster.mesh_certificates = this.mesh();
    cluster.network_policy = this.policy();
    let defaults = this.node_pool_defaults.first();
    cluster.node_pool_defaults = defaults.map(super::PoolDefaults::to_api);
    cluster.notification_config = this.notifications();
    let private = this.private_cluster_config.first();
    cluster.private_cluster_config = private.map(PrivateCluster::to_api);
    cluster.release_channel = this.channel();
    cluster.security_posture_config = this.posture();
    cluster.vertical_pod_autoscaling = this.vertical();
    cluster.workload_identity_config = this.workload_identity();
}
