//! What EKS is asked for.

use super::{Cluster, Switch};
use crate::Aws;
use crate::services::eks;
use crate::tags::Tagged;
use aws_sdk_eks::operation::create_cluster::builders::CreateClusterFluentBuilder;
use aws_sdk_eks::types;
use sdk::{Attr, Cx};
use std::collections::BTreeSet;

/// The kinds of logs of a control plane.
const LOGS: [&str; 5] = [
    "api",
    "audit",
    "authenticator",
    "controllerManager",
    "scheduler",
];

pub(super) fn list(set: &Attr<BTreeSet<String>>) -> Option<Vec<String>> {
    set.known().map(|set| set.iter().cloned().collect())
}

/// The logs that are wanted are on, all others off.
pub(super) fn logging(wanted: &Attr<BTreeSet<String>>) -> types::Logging {
    let wanted = wanted.or_default();
    let setup = |on: bool| {
        let kinds = LOGS.into_iter().filter(|kind| wanted.contains(*kind) == on);
        let kinds: Vec<_> = kinds.map(types::LogType::from).collect();
        let setup = types::LogSetup::builder().enabled(on);
        (!kinds.is_empty()).then(|| setup.set_types(Some(kinds)).build())
    };
    let setups = [true, false].into_iter().filter_map(setup).collect();
    types::Logging::builder()
        .set_cluster_logging(Some(setups))
        .build()
}

fn is_on(switch: &[Switch]) -> Option<bool> {
    switch.first().map(|switch| switch.enabled.is_true())
}

impl Cluster {
    /// The request that makes it.
    pub(super) fn request(&self, cx: &Cx<'_, Aws>) -> CreateClusterFluentBuilder {
        let access = self.access_config.first().map(|access| {
            let creator = &access.bootstrap_cluster_creator_admin_permissions;
            let mode = eks::text(&access.authentication_mode);
            types::CreateAccessConfigRequest::builder()
                .bootstrap_cluster_creator_admin_permissions(creator.is_true())
                .set_authentication_mode(mode.map(|m| types::AuthenticationMode::from(m.as_str())))
                .build()
        });
        let logs = self
            .enabled_cluster_log_types
            .is_known_and(|set| !set.is_empty());
        cx.eks()
            .create_cluster()
            .name(self.name.as_str())
            .role_arn(self.role_arn.as_str())
            .set_client_request_token(eks::token(cx))
            .set_tags(eks::tags(self.tags.wanted(cx)))
            .set_version(eks::text(&self.version))
            .set_bootstrap_self_managed_addons(self.bootstrap_self_managed_addons.to_option())
            .set_logging(logs.then(|| logging(&self.enabled_cluster_log_types)))
            .set_access_config(access)
            .set_compute_config(self.compute_request())
            .set_encryption_config(self.encryption_request())
            .set_kubernetes_network_config(self.network_request())
            .set_outpost_config(self.outpost_request())
            .set_remote_network_config(self.remote_request())
            .set_storage_config(self.storage_request())
            .set_upgrade_policy(self.upgrade_request())
            .set_zonal_shift_config(self.shift_request())
            .set_resources_vpc_config(self.vpc_config.first().map(|vpc| {
                let cidrs = list(&vpc.public_access_cidrs).filter(|cidrs| !cidrs.is_empty());
                let groups = list(&vpc.security_group_ids).filter(|groups| !groups.is_empty());
                types::VpcConfigRequest::builder()
                    .set_subnet_ids(list(&vpc.subnet_ids))
                    .set_security_group_ids(groups)
                    .set_endpoint_private_access(vpc.endpoint_private_access.to_option())
                    .set_endpoint_public_access(vpc.endpoint_public_access.to_option())
                    .set_public_access_cidrs(cidrs)
                    .build()
            }))
    }

    pub(super) fn compute_request(&self) -> Option<types::ComputeConfigRequest> {
        self.compute_config.first().map(|compute| {
            types::ComputeConfigRequest::builder()
                .enabled(compute.enabled.is_true())
                .set_node_pools(list(&compute.node_pools))
                .set_node_role_arn(eks::text(&compute.node_role_arn))
                .build()
        })
    }

    #[expect(deprecated, reason = "what the schema has is still written and read")]
    pub(super) fn encryption_request(&self) -> Option<Vec<types::EncryptionConfig>> {
        let one = |config: &super::EncryptionConfig| {
            let key = config.provider.first().map(|provider| {
                types::Provider::builder()
                    .key_arn(provider.key_arn.as_str())
                    .build()
            });
            types::EncryptionConfig::builder()
                .set_resources(list(&config.resources))
                .set_provider(key)
                .build()
        };
        let all: Vec<_> = self.encryption_config.iter().map(one).collect();
        (!all.is_empty()).then_some(all)
    }

    fn network_request(&self) -> Option<types::KubernetesNetworkConfigRequest> {
        self.kubernetes_network_config.first().map(|network| {
            let family = eks::text(&network.ip_family);
            types::KubernetesNetworkConfigRequest::builder()
                .set_ip_family(family.map(|f| types::IpFamily::from(f.as_str())))
                .set_service_ipv4_cidr(eks::text(&network.service_ipv4_cidr))
                .set_elastic_load_balancing(balancing(&network.elastic_load_balancing))
                .build()
        })
    }

    /// The part of the network that can be changed.
    pub(super) fn balancing_request(&self) -> Option<types::KubernetesNetworkConfigRequest> {
        let network = self.kubernetes_network_config.first()?;
        let request = types::KubernetesNetworkConfigRequest::builder()
            .set_elastic_load_balancing(balancing(&network.elastic_load_balancing));
        Some(request.build())
    }

    fn outpost_request(&self) -> Option<types::OutpostConfigRequest> {
        self.outpost_config.first().and_then(|outpost| {
            let placement = outpost.control_plane_placement.first().map(|placement| {
                types::ControlPlanePlacementRequest::builder()
                    .group_name(placement.group_name.as_str())
                    .build()
            });
            let request = types::OutpostConfigRequest::builder()
                .control_plane_instance_type(outpost.control_plane_instance_type.as_str())
                .set_outpost_arns(list(&outpost.outpost_arns))
                .set_control_plane_placement(placement);
            request.build().ok()
        })
    }

    fn remote_request(&self) -> Option<types::RemoteNetworkConfigRequest> {
        self.remote_network_config.first().map(|remote| {
            let nodes = remote.remote_node_networks.iter().map(|networks| {
                types::RemoteNodeNetwork::builder()
                    .set_cidrs(list(&networks.cidrs))
                    .build()
            });
            let pods = remote.remote_pod_networks.iter().map(|networks| {
                types::RemotePodNetwork::builder()
                    .set_cidrs(list(&networks.cidrs))
                    .build()
            });
            types::RemoteNetworkConfigRequest::builder()
                .set_remote_node_networks(Some(nodes.collect()))
                .set_remote_pod_networks(Some(pods.collect()))
                .build()
        })
    }

    pub(super) fn storage_request(&self) -> Option<types::StorageConfigRequest> {
        self.storage_config.first().map(|storage| {
            let block = is_on(&storage.block_storage)
                .map(|on| types::BlockStorage::builder().enabled(on).build());
            types::StorageConfigRequest::builder()
                .set_block_storage(block)
                .build()
        })
    }

    pub(super) fn upgrade_request(&self) -> Option<types::UpgradePolicyRequest> {
        let policy = self.upgrade_policy.first()?;
        let kind = eks::text(&policy.support_type);
        Some(
            types::UpgradePolicyRequest::builder()
                .set_support_type(kind.map(|k| types::SupportType::from(k.as_str())))
                .build(),
        )
    }

    pub(super) fn shift_request(&self) -> Option<types::ZonalShiftConfigRequest> {
        is_on(&self.zonal_shift_config).map(|on| {
            types::ZonalShiftConfigRequest::builder()
                .enabled(on)
                .build()
        })
    }
}

fn balancing(switch: &[Switch]) -> Option<types::ElasticLoadBalancing> {
    is_on(switch).map(|on| types::ElasticLoadBalancing::builder().enabled(on).build())
}
