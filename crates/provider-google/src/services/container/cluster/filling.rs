//! A cluster as the service tells of it.

use super::super::node_config::NodeConfig;
use super::super::operations::Place;
use super::super::values::{Disabled, Enabled, choice, sorted};
use super::maintenance::{Channel, Maintenance};
use super::network::{
    AuthorizedNetworks, Dns, Endpoints, Gateway, IpAllocation, Policies, PrivateCluster,
};
use super::observing::{Logging, Monitoring, Notification, PoolDefaults};
use super::security::{
    Binary, Encryption, Groups, IdentityService, MasterAuth, Mesh, Posture, WorkloadIdentity,
};
use super::{Addons, Autoscaling, Cluster, DEFAULT_POOL};
use crate::labels;
use google_cloud_container_v1::model;
use std::collections::BTreeSet;

impl Cluster {
    pub(super) fn filled(self, place: &Place, cluster: &model::Cluster) -> Self {
        let network = cluster.network_config.clone().unwrap_or_default();
        let policy = cluster.ip_allocation_policy.clone().unwrap_or_default();
        let on_object = sorted(&cluster.resource_labels);
        let resource_labels = labels::configured(&self.resource_labels, &on_object);
        let terraform_labels = labels::configured(&self.terraform_labels, &on_object);
        let max_pods = cluster.default_max_pods_constraint.as_ref();
        let autopilot = cluster.autopilot.as_ref().is_some_and(|a| a.enabled);
        let datapath = network.datapath_provider.name();
        let datapath = datapath.filter(|d| *d != "DATAPATH_PROVIDER_UNSPECIFIED");
        let ipv6 = network.private_ipv6_google_access.name();
        let ipv6 = ipv6.filter(|a| *a != "PRIVATE_IPV6_GOOGLE_ACCESS_UNSPECIFIED");
        let shielded = cluster.shielded_nodes.as_ref().is_some_and(|s| s.enabled);
        let named = |path: &str, name: &str| match path.is_empty() {
            true => name.to_owned(),
            false => path.to_owned(),
        };
        let with_blocks = self.with_blocks(cluster, &network);
        Self {
            id: place.path().into(),
            project: place.project.as_str().into(),
            location: place.location.as_str().into(),
            node_locations: cluster
                .locations
                .iter()
                .filter(|zone| **zone != cluster.location)
                .cloned()
                .collect::<BTreeSet<_>>()
                .into(),
            description: cluster.description.as_str().into(),
            cluster_ipv4_cidr: cluster.cluster_ipv4_cidr.as_str().into(),
            datapath_provider: choice(datapath),
            default_max_pods_per_node: max_pods.map(|pods| pods.max_pods_per_node).into(),
            disable_l4_lb_firewall_reconciliation: network
                .disable_l4_lb_firewall_reconciliation
                .unwrap_or(false)
                .into(),
            enable_autopilot: autopilot.into(),
            enable_cilium_clusterwide_network_policy: network
                .enable_cilium_clusterwide_network_policy
                .unwrap_or(false)
                .into(),
            enable_fqdn_network_policy: network.enable_fqdn_network_policy.unwrap_or(false).into(),
            enable_intranode_visibility: network.enable_intra_node_visibility.into(),
            enable_kubernetes_alpha: cluster.enable_kubernetes_alpha.into(),
            enable_l4_ilb_subsetting: network.enable_l4ilb_subsetting.into(),
            enable_legacy_abac: cluster
                .legacy_abac
                .as_ref()
                .is_some_and(|a| a.enabled)
                .into(),
            enable_multi_networking: network.enable_multi_networking.into(),
            enable_shielded_nodes: match autopilot {
                true => with_blocks.enable_shielded_nodes.clone(),
                false => shielded.into(),
            },
            initial_node_count: with_blocks.initial_node_count.clone().or(match autopilot {
                true => sdk::Attr::Null,
                false => i64::from(cluster.initial_node_count).into(),
            }),
            logging_service: cluster.logging_service.as_str().into(),
            monitoring_service: cluster.monitoring_service.as_str().into(),
            network: named(&network.network, &cluster.network).into(),
            subnetwork: named(&network.subnetwork, &cluster.subnetwork).into(),
            networking_mode: match policy.use_ip_aliases
                || !policy.cluster_secondary_range_name.is_empty()
            {
                true => "VPC_NATIVE".into(),
                false => "ROUTES".into(),
            },
            node_version: cluster.current_node_version.as_str().into(),
            private_ipv6_google_access: choice(ipv6),
            resource_labels,
            terraform_labels,
            effective_labels: on_object.into(),
            emulated_version: cluster.current_emulated_version.as_str().into(),
            endpoint: cluster.endpoint.as_str().into(),
            label_fingerprint: cluster.label_fingerprint.as_str().into(),
            master_version: cluster.current_master_version.as_str().into(),
            operation: "".into(),
            self_link: cluster.self_link.as_str().into(),
            services_ipv4_cidr: cluster.services_ipv4_cidr.as_str().into(),
            tpu_ipv4_cidr_block: cluster.tpu_ipv4_cidr_block.as_str().into(),
            ..with_blocks
        }
    }

    fn with_blocks(self, cluster: &model::Cluster, network: &model::NetworkConfig) -> Self {
        let allocation = cluster
            .ip_allocation_policy
            .as_ref()
            .filter(|policy| !policy.use_routes);
        let gateway = network.gateway_api_config.as_ref();
        let identities = cluster.identity_service_config.as_ref();
        let snat = network.default_snat_status.as_ref();
        let with_rest = self.clone().with_further_blocks(cluster, network);
        Self {
            addons_config: cluster.addons_config.as_ref().map(Addons::from_api).into(),
            authenticator_groups_config: cluster
                .authenticator_groups_config
                .as_ref()
                .and_then(Groups::from_api)
                .into(),
            binary_authorization: Binary::from_api(
                cluster.binary_authorization.as_ref(),
                &self.binary_authorization,
            ),
            cluster_autoscaling: cluster
                .autoscaling
                .as_ref()
                .map(Autoscaling::from_api)
                .into(),
            control_plane_endpoints_config: cluster
                .control_plane_endpoints_config
                .as_ref()
                .map(Endpoints::from_api)
                .into(),
            cost_management_config: Enabled::block(
                cluster
                    .cost_management_config
                    .as_ref()
                    .is_some_and(|c| c.enabled),
            ),
            database_encryption: cluster
                .database_encryption
                .as_ref()
                .map(Encryption::from_api)
                .into(),
            default_snat_status: Disabled::block(snat.is_some_and(|s| s.disabled)),
            dns_config: Dns::from_api(network.dns_config.as_ref(), &self.dns_config),
            gateway_api_config: gateway
                .map(|gateway| Gateway {
                    channel: choice(gateway.channel.name()),
                })
                .into(),
            identity_service_config: Some(IdentityService {
                enabled: identities.is_some_and(|i| i.enabled).into(),
            })
            .into(),
            ip_allocation_policy: allocation.map(IpAllocation::from_api).into(),
            ..with_rest
        }
    }

    /// The blocks from `logging_config` on.
    fn with_further_blocks(self, cluster: &model::Cluster, network: &model::NetworkConfig) -> Self {
        let first_pool = cluster.node_pools.iter().find(|p| p.name == DEFAULT_POOL);
        let node_config = match first_pool.and_then(|pool| pool.config.as_ref()) {
            Some(config) => Some(NodeConfig::from_api(config)).into(),
            None => self.node_config.clone(),
        };
        let channel = cluster
            .release_channel
            .as_ref()
            .and_then(|c| c.channel.name());
        let mesh = cluster
            .mesh_certificates
            .as_ref()
            .and_then(|m| m.enable_certificates);
        let policy = cluster.network_policy.clone().unwrap_or_default();
        let networks = cluster.master_authorized_networks_config.as_ref();
        let external = network.service_external_ips_config.as_ref();
        Self {
            logging_config: cluster
                .logging_config
                .as_ref()
                .map(Logging::from_api)
                .into(),
            maintenance_policy: Maintenance::from_api(cluster.maintenance_policy.as_ref()).into(),
            master_auth: cluster
                .master_auth
                .as_ref()
                .map(MasterAuth::from_api)
                .into(),
            master_authorized_networks_config: networks
                .and_then(AuthorizedNetworks::from_api)
                .into(),
            mesh_certificates: Some(Mesh {
                enable_certificates: mesh.unwrap_or(false).into(),
            })
            .into(),
            monitoring_config: cluster
                .monitoring_config
                .as_ref()
                .map(Monitoring::from_api)
                .into(),
            network_policy: Some(Policies {
                enabled: policy.enabled.into(),
                provider: choice(policy.provider.name()),
            })
            .into(),
            node_config,
            node_pool_defaults: cluster
                .node_pool_defaults
                .as_ref()
                .map(PoolDefaults::from_api)
                .into(),
            notification_config: cluster
                .notification_config
                .as_ref()
                .map(Notification::from_api)
                .into(),
            private_cluster_config: cluster
                .private_cluster_config
                .as_ref()
                .map(PrivateCluster::from_api)
                .into(),
            release_channel: Some(Channel {
                channel: channel.unwrap_or("UNSPECIFIED").into(),
            })
            .into(),
            security_posture_config: cluster
                .security_posture_config
                .as_ref()
                .map(Posture::from_api)
                .into(),
            service_external_ips_config: Enabled::block(external.is_some_and(|e| e.enabled)),
            vertical_pod_autoscaling: Enabled::block(
                cluster
                    .vertical_pod_autoscaling
                    .as_ref()
                    .is_some_and(|v| v.enabled),
            ),
            workload_identity_config: cluster
                .workload_identity_config
                .as_ref()
                .filter(|identity| !identity.workload_pool.is_empty())
                .map(|identity| WorkloadIdentity {
                    workload_pool: identity.workload_pool.as_str().into(),
                })
                .into(),
            ..self
        }
    }
}
