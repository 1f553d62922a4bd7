//! How a cluster is in its network.

use super::super::values::{Enabled, choice, enabled};
use crate::names;
use google_cloud_container_v1::model;
use google_cloud_container_v1::model::control_plane_endpoints_config::{
    DNSEndpointConfig, IPEndpointsConfig,
};
use google_cloud_container_v1::model::master_authorized_networks_config::CidrBlock;
use sdk::{Attr, Blocks, Model};

/// Where Pods and Services have their addresses from.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct IpAllocation {
    /// The range of Pods; of a size (`/14`) one is chosen.
    #[attr(optional, computed, requires_replace, same = same_range, conflicts("cluster_secondary_range_name"))]
    pub(super) cluster_ipv4_cidr_block: Attr<String>,
    /// The secondary range of the subnetwork that Pods have their addresses from.
    #[attr(optional, computed, requires_replace)]
    cluster_secondary_range_name: Attr<String>,
    /// The range of Services; of a size (`/20`) one is chosen.
    #[attr(optional, computed, requires_replace, same = same_range, conflicts("services_secondary_range_name"))]
    services_ipv4_cidr_block: Attr<String>,
    /// The secondary range of the subnetwork that Services have their addresses from.
    #[attr(optional, computed, requires_replace)]
    services_secondary_range_name: Attr<String>,
    /// `IPV4` or `IPV4_IPV6`.
    #[attr(optional, default = "IPV4", one_of("IPV4", "IPV4_IPV6"))]
    pub(super) stack_type: Attr<String>,
}

/// A size is the same as a range of that size.
fn same_range(one: &String, other: &String) -> bool {
    let size = |text: &String| text.split_once('/').map(|(_, size)| size.to_owned());
    one == other || (one.starts_with('/') || other.starts_with('/')) && size(one) == size(other)
}

impl IpAllocation {
    pub(super) fn to_api(&self) -> model::IPAllocationPolicy {
        model::IPAllocationPolicy::new()
            .set_use_ip_aliases(true)
            .set_cluster_ipv4_cidr_block(self.cluster_ipv4_cidr_block.as_str())
            .set_cluster_secondary_range_name(self.cluster_secondary_range_name.as_str())
            .set_services_ipv4_cidr_block(self.services_ipv4_cidr_block.as_str())
            .set_services_secondary_range_name(self.services_secondary_range_name.as_str())
            .set_stack_type(self.stack_type.as_str())
    }

    pub(super) fn from_api(policy: &model::IPAllocationPolicy) -> Self {
        let stack = policy
            .stack_type
            .name()
            .filter(|s| *s != "STACK_TYPE_UNSPECIFIED");
        Self {
            cluster_ipv4_cidr_block: policy.cluster_ipv4_cidr_block.as_str().into(),
            cluster_secondary_range_name: policy.cluster_secondary_range_name.as_str().into(),
            services_ipv4_cidr_block: policy.services_ipv4_cidr_block.as_str().into(),
            services_secondary_range_name: policy.services_secondary_range_name.as_str().into(),
            stack_type: stack.unwrap_or("IPV4").into(),
        }
    }
}

/// Whether nodes and control plane have public addresses.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct PrivateCluster {
    /// Whether the control plane has no public address.
    #[attr(optional, zero)]
    pub(super) enable_private_endpoint: Attr<bool>,
    /// Whether nodes have no public addresses.
    #[attr(optional, zero)]
    pub(super) enable_private_nodes: Attr<bool>,
    /// The range of the control plane, a `/28`.
    #[attr(optional, computed, requires_replace)]
    master_ipv4_cidr_block: Attr<String>,
    /// The subnetwork of the control plane.
    #[attr(optional, requires_replace, zero, same = same)]
    private_endpoint_subnetwork: Attr<String>,
    /// The name of the peering with the control plane.
    #[attr(computed)]
    peering_name: Attr<String>,
    /// The internal address of the control plane.
    #[attr(computed)]
    private_endpoint: Attr<String>,
    /// The public address of the control plane.
    #[attr(computed)]
    public_endpoint: Attr<String>,
    /// Whether the internal address can be reached from other regions.
    #[block(list, max = 1, computed)]
    pub(super) master_global_access_config: Blocks<Enabled>,
}

#[expect(clippy::ptr_arg, reason = "the derive gives what the attribute holds")]
pub(super) fn same(one: &String, other: &String) -> bool {
    names::same(one, other)
}

impl PrivateCluster {
    pub(super) fn to_api(&self) -> model::PrivateClusterConfig {
        let global = enabled(&self.master_global_access_config)
            .map(|on| model::PrivateClusterMasterGlobalAccessConfig::new().set_enabled(on));
        model::PrivateClusterConfig::new()
            .set_enable_private_endpoint(self.enable_private_endpoint.is_true())
            .set_enable_private_nodes(self.enable_private_nodes.is_true())
            .set_master_ipv4_cidr_block(self.master_ipv4_cidr_block.as_str())
            .set_private_endpoint_subnetwork(self.private_endpoint_subnetwork.as_str())
            .set_or_clear_master_global_access_config(global)
    }

    pub(super) fn from_api(config: &model::PrivateClusterConfig) -> Self {
        let global = config.master_global_access_config.as_ref();
        Self {
            enable_private_endpoint: config.enable_private_endpoint.into(),
            enable_private_nodes: config.enable_private_nodes.into(),
            master_ipv4_cidr_block: config.master_ipv4_cidr_block.as_str().into(),
            private_endpoint_subnetwork: config.private_endpoint_subnetwork.as_str().into(),
            peering_name: config.peering_name.as_str().into(),
            private_endpoint: config.private_endpoint.as_str().into(),
            public_endpoint: config.public_endpoint.as_str().into(),
            master_global_access_config: Enabled::block(global.is_some_and(|g| g.enabled)),
        }
    }
}

/// From where the control plane can be reached. Without this: from everywhere.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct AuthorizedNetworks {
    /// Whether addresses of Google Cloud are let in.
    #[attr(optional, computed)]
    gcp_public_cidrs_access_enabled: Attr<bool>,
    /// Whether this holds for the internal address as well.
    #[attr(optional, computed)]
    private_endpoint_enforcement_enabled: Attr<bool>,
    /// Ranges that are let in.
    #[block(set)]
    cidr_blocks: Blocks<AuthorizedRange>,
}

/// A range that is let in.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct AuthorizedRange {
    /// The range.
    #[attr(required)]
    cidr_block: Attr<String>,
    /// What it is.
    #[attr(optional, zero)]
    display_name: Attr<String>,
}

impl AuthorizedNetworks {
    pub(super) fn to_api(&self) -> model::MasterAuthorizedNetworksConfig {
        let range = |range: &AuthorizedRange| {
            CidrBlock::new()
                .set_cidr_block(range.cidr_block.as_str())
                .set_display_name(range.display_name.as_str())
        };
        model::MasterAuthorizedNetworksConfig::new()
            .set_enabled(true)
            .set_cidr_blocks(self.cidr_blocks.iter().map(range))
            .set_or_clear_gcp_public_cidrs_access_enabled(
                self.gcp_public_cidrs_access_enabled.to_option(),
            )
            .set_or_clear_private_endpoint_enforcement_enabled(
                self.private_endpoint_enforcement_enabled.to_option(),
            )
    }

    pub(super) fn from_api(config: &model::MasterAuthorizedNetworksConfig) -> Option<Self> {
        let range = |range: &CidrBlock| AuthorizedRange {
            cidr_block: range.cidr_block.as_str().into(),
            display_name: range.display_name.as_str().into(),
        };
        config.enabled.then(|| Self {
            gcp_public_cidrs_access_enabled: config
                .gcp_public_cidrs_access_enabled
                .unwrap_or(false)
                .into(),
            private_endpoint_enforcement_enabled: config
                .private_endpoint_enforcement_enabled
                .unwrap_or(false)
                .into(),
            cidr_blocks: config.cidr_blocks.iter().map(range).collect(),
        })
    }
}

/// How the control plane is reached.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Endpoints {
    /// By a name.
    #[block(list, max = 1, computed)]
    dns_endpoint_config: Blocks<DnsEndpoint>,
    /// By addresses.
    #[block(list, max = 1, computed)]
    ip_endpoints_config: Blocks<IpEndpoints>,
}

/// How the control plane is reached by a name.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct DnsEndpoint {
    /// Whether from outside of Google Cloud as well.
    #[attr(optional, zero)]
    allow_external_traffic: Attr<bool>,
    /// Whether with certificates of the cluster.
    #[attr(optional, zero)]
    enable_k8s_certs_via_dns: Attr<bool>,
    /// Whether with tokens of the cluster.
    #[attr(optional, zero)]
    enable_k8s_tokens_via_dns: Attr<bool>,
    /// The name.
    #[attr(optional, computed)]
    endpoint: Attr<String>,
}

/// How the control plane is reached by addresses.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct IpEndpoints {
    /// Whether it can be.
    #[attr(optional, zero)]
    enabled: Attr<bool>,
}

impl Endpoints {
    pub(super) fn to_api(&self) -> model::ControlPlaneEndpointsConfig {
        let dns = self.dns_endpoint_config.first().map(|dns| {
            DNSEndpointConfig::new()
                .set_allow_external_traffic(dns.allow_external_traffic.is_true())
                .set_enable_k8s_certs_via_dns(dns.enable_k8s_certs_via_dns.is_true())
                .set_enable_k8s_tokens_via_dns(dns.enable_k8s_tokens_via_dns.is_true())
        });
        let ip = self.ip_endpoints_config.first();
        let ip = ip.map(|ip| IPEndpointsConfig::new().set_enabled(ip.enabled.is_true()));
        model::ControlPlaneEndpointsConfig::new()
            .set_or_clear_dns_endpoint_config(dns)
            .set_or_clear_ip_endpoints_config(ip)
    }

    pub(super) fn from_api(config: &model::ControlPlaneEndpointsConfig) -> Self {
        let dns = config.dns_endpoint_config.as_ref().map(|dns| DnsEndpoint {
            allow_external_traffic: dns.allow_external_traffic.unwrap_or(false).into(),
            enable_k8s_certs_via_dns: dns.enable_k8s_certs_via_dns.unwrap_or(false).into(),
            enable_k8s_tokens_via_dns: dns.enable_k8s_tokens_via_dns.unwrap_or(false).into(),
            endpoint: dns.endpoint.as_str().into(),
        });
        let ip = config.ip_endpoints_config.as_ref().map(|ip| IpEndpoints {
            enabled: ip.enabled.unwrap_or(false).into(),
        });
        Self {
            dns_endpoint_config: dns.into(),
            ip_endpoints_config: ip.into(),
        }
    }
}

/// What answers names.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Dns {
    /// A domain besides, in the whole network.
    #[attr(optional, zero)]
    additive_vpc_scope_dns_domain: Attr<String>,
    /// `PROVIDER_UNSPECIFIED`, `PLATFORM_DEFAULT`, `CLOUD_DNS` or `KUBE_DNS`.
    #[attr(
        optional,
        default = "PROVIDER_UNSPECIFIED",
        one_of("PROVIDER_UNSPECIFIED", "PLATFORM_DEFAULT", "CLOUD_DNS", "KUBE_DNS")
    )]
    cluster_dns: Attr<String>,
    /// The domain of the cluster.
    #[attr(optional, zero)]
    cluster_dns_domain: Attr<String>,
    /// `DNS_SCOPE_UNSPECIFIED`, `CLUSTER_SCOPE` or `VPC_SCOPE`.
    #[attr(
        optional,
        zero,
        one_of("DNS_SCOPE_UNSPECIFIED", "CLUSTER_SCOPE", "VPC_SCOPE")
    )]
    cluster_dns_scope: Attr<String>,
}

impl Dns {
    pub(super) fn to_api(&self) -> model::DNSConfig {
        let config = model::DNSConfig::new()
            .set_additive_vpc_scope_dns_domain(self.additive_vpc_scope_dns_domain.as_str())
            .set_cluster_dns(self.cluster_dns.as_str())
            .set_cluster_dns_domain(self.cluster_dns_domain.as_str());
        match self.cluster_dns_scope.as_str() {
            "" => config,
            scope => config.set_cluster_dns_scope(scope),
        }
    }

    /// `prior`: what is known of it. Nothing special is said like nothing at all.
    pub(super) fn from_api(
        config: Option<&model::DNSConfig>,
        prior: &Blocks<Self>,
    ) -> Blocks<Self> {
        let config = config.cloned().unwrap_or_default();
        if config == model::DNSConfig::default() && prior.is_empty() {
            return Blocks::default();
        }
        let scope = config.cluster_dns_scope.name();
        let unsaid = scope == Some("DNS_SCOPE_UNSPECIFIED");
        let asked = prior.first().map(|dns| dns.cluster_dns_scope.clone());
        Some(Self {
            additive_vpc_scope_dns_domain: config.additive_vpc_scope_dns_domain.into(),
            cluster_dns: choice(config.cluster_dns.name()),
            cluster_dns_domain: config.cluster_dns_domain.into(),
            cluster_dns_scope: match (unsaid, asked) {
                (true, Some(asked)) => asked,
                (true, None) => "".into(),
                _ => choice(scope),
            },
        })
        .into()
    }
}

/// What lets in traffic by the Gateway API.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Gateway {
    /// `CHANNEL_DISABLED`, `CHANNEL_EXPERIMENTAL` or `CHANNEL_STANDARD`.
    #[attr(
        required,
        one_of("CHANNEL_DISABLED", "CHANNEL_EXPERIMENTAL", "CHANNEL_STANDARD")
    )]
    pub(super) channel: Attr<String>,
}

/// Who says which Pods may talk to each other, where that is not Dataplane V2.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Policies {
    /// Whether policies are carried out.
    #[attr(required)]
    pub(super) enabled: Attr<bool>,
    /// `PROVIDER_UNSPECIFIED` or `CALICO`.
    #[attr(
        optional,
        default = "PROVIDER_UNSPECIFIED",
        one_of("PROVIDER_UNSPECIFIED", "CALICO")
    )]
    pub(super) provider: Attr<String>,
}

#[cfg(test)]
mod tests {
    use super::same_range;

    #[test]
    fn a_size_stands_for_a_range() {
        let same = |a: &str, b: &str| same_range(&a.to_owned(), &b.to_owned());
        assert!(same("/14", "10.0.0.0/14") && same("10.0.0.0/14", "10.0.0.0/14"));
        assert!(!same("10.4.0.0/14", "10.0.0.0/14") && !same("/15", "10.0.0.0/14"));
    }
}
