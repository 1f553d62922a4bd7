//! The nested blocks of a cluster, and how they are read.

use super::Cluster;
use aws_sdk_eks::types;
use sdk::{Attr, Blocks, Model};
use std::collections::BTreeSet;

/// The certificate of the API.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Authority {
    /// The certificate, in base64.
    #[attr(computed)]
    pub(super) data: Attr<String>,
}

/// Who vouches for service accounts.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Identity {
    /// By OpenID Connect.
    #[attr(computed)]
    pub(super) oidc: Attr<Vec<Oidc>>,
}

/// An issuer of tokens.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Oidc {
    /// Its URL.
    #[attr(computed)]
    pub(super) issuer: Attr<String>,
}

/// How people and roles get in.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct AccessConfig {
    /// By access entries, by the config map, or both.
    #[attr(optional, computed, one_of("API", "API_AND_CONFIG_MAP", "CONFIG_MAP"))]
    pub(super) authentication_mode: Attr<String>,
    /// Whether who makes the cluster becomes its administrator.
    #[attr(optional, zero, requires_replace)]
    pub(super) bootstrap_cluster_creator_admin_permissions: Attr<bool>,
}

/// Nodes that EKS provides by itself.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct ComputeConfig {
    /// Whether it does.
    #[attr(optional, zero)]
    pub(super) enabled: Attr<bool>,
    /// Which pools there are.
    #[attr(optional, zero_read, one_of("general-purpose", "system"))]
    pub(super) node_pools: Attr<BTreeSet<String>>,
    /// The ARN of the role of the nodes.
    #[attr(optional, zero, validate_each = crate::services::iam::arn)]
    pub(super) node_role_arn: Attr<String>,
}

/// How secrets are encrypted.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct EncryptionConfig {
    /// What is encrypted: `secrets`.
    #[attr(required, one_of("secrets"))]
    pub(super) resources: Attr<BTreeSet<String>>,
    /// With what.
    #[block(list, min = 1, max = 1)]
    pub(super) provider: Blocks<EncryptionProvider>,
}

/// A key.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct EncryptionProvider {
    /// The ARN of the KMS key.
    #[attr(required)]
    pub(super) key_arn: Attr<String>,
}

/// Something that is on or off.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Switch {
    /// Whether it is on.
    #[attr(optional, zero)]
    pub(super) enabled: Attr<bool>,
}

/// Whether traffic leaves a zone in trouble.
pub(crate) type ZonalShiftConfig = Switch;

/// The addresses of services.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct KubernetesNetworkConfig {
    /// `ipv4` or `ipv6`.
    #[attr(optional, computed, requires_replace, one_of("ipv4", "ipv6"))]
    pub(super) ip_family: Attr<String>,
    /// The IPv4 addresses.
    #[attr(optional, computed, requires_replace, validate = service_cidr)]
    pub(super) service_ipv4_cidr: Attr<String>,
    /// The IPv6 addresses.
    #[attr(computed)]
    pub(super) service_ipv6_cidr: Attr<String>,
    /// Load balancers that EKS provides by itself.
    #[block(list, max = 1, computed)]
    pub(super) elastic_load_balancing: Blocks<Switch>,
}

/// Where a cluster on an outpost runs.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct OutpostConfig {
    /// The type of the machines of the control plane.
    #[attr(required, requires_replace)]
    pub(super) control_plane_instance_type: Attr<String>,
    /// The outposts.
    #[attr(required, validate = not_empty)]
    pub(super) outpost_arns: Attr<BTreeSet<String>>,
    /// Where the machines stand to each other.
    #[block(list, max = 1, requires_replace)]
    pub(super) control_plane_placement: Blocks<Placement>,
}

/// A placement group.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Placement {
    /// Its name.
    #[attr(required, requires_replace)]
    pub(super) group_name: Attr<String>,
}

/// Networks of nodes outside of AWS.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct RemoteNetworkConfig {
    /// Those of the nodes.
    #[block(list, min = 1, max = 1)]
    pub(super) remote_node_networks: Blocks<RemoteNetworks>,
    /// Those of their Pods.
    #[block(list, max = 1)]
    pub(super) remote_pod_networks: Blocks<RemoteNetworks>,
}

/// Networks.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct RemoteNetworks {
    /// Their addresses.
    #[attr(optional, requires_replace, validate = not_empty, validate_each = private_cidr)]
    pub(super) cidrs: Attr<BTreeSet<String>>,
}

/// Volumes that EKS provides by itself.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct StorageConfig {
    /// Whether it does.
    #[block(list, max = 1)]
    pub(super) block_storage: Blocks<Switch>,
}

/// What happens at the end of a version's support.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct UpgradePolicy {
    /// An upgrade, or support for money.
    #[attr(optional, computed, one_of("STANDARD", "EXTENDED"))]
    pub(super) support_type: Attr<String>,
}

/// The network of the control plane.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct VpcConfig {
    /// The group through which nodes and control plane talk.
    #[attr(computed)]
    pub(super) cluster_security_group_id: Attr<String>,
    /// Whether the API can be reached from the VPC.
    #[attr(optional, default = false)]
    pub(super) endpoint_private_access: Attr<bool>,
    /// Whether the API can be reached from the internet.
    #[attr(optional, default = true)]
    pub(super) endpoint_public_access: Attr<bool>,
    /// From where on the internet.
    #[attr(optional, computed, validate_each = cidr)]
    pub(super) public_access_cidrs: Attr<BTreeSet<String>>,
    /// More groups of the control plane.
    #[attr(optional, zero_read)]
    pub(super) security_group_ids: Attr<BTreeSet<String>>,
    /// The subnets.
    #[attr(required, validate = not_empty)]
    pub(super) subnet_ids: Attr<BTreeSet<String>>,
    /// The VPC of the subnets.
    #[attr(computed)]
    pub(super) vpc_id: Attr<String>,
}

fn service_cidr(text: &String) -> Result<(), String> {
    private_cidr(text)?;
    let length = text.rsplit('/').next().and_then(|n| n.parse::<u8>().ok());
    match length {
        Some(12..=24) => Ok(()),
        _ => Err(format!(
            "The prefix of {text} must have a length of 12 to 24."
        )),
    }
}

fn cidr(text: &str) -> Result<(), String> {
    let parts = text.split_once('/');
    let is_one = parts.is_some_and(|(address, length)| {
        let longest = match address.parse::<std::net::IpAddr>() {
            Ok(std::net::IpAddr::V4(_)) => 32,
            Ok(std::net::IpAddr::V6(_)) => 128,
            Err(_) => return false,
        };
        length.parse::<u8>().is_ok_and(|length| length <= longest)
    });
    match is_one {
        true => Ok(()),
        false => Err(format!(
            "{text:?} is not a block of addresses such as \"10.0.0.0/16\"."
        )),
    }
}

fn private_cidr(text: &str) -> Result<(), String> {
    cidr(text)?;
    let address = text.split('/').next().unwrap_or_default();
    match address.parse::<std::net::Ipv4Addr>() {
        Ok(address) if address.is_private() => Ok(()),
        _ => Err(format!(
            "{text} must be within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."
        )),
    }
}

pub(crate) fn not_empty(values: &BTreeSet<String>) -> Result<(), String> {
    match values.is_empty() {
        true => Err("At least one is needed.".to_owned()),
        false => Ok(()),
    }
}

pub(super) fn authorities(found: &types::Cluster) -> Vec<Authority> {
    let data = found.certificate_authority();
    let data = data.map(|a| a.data().unwrap_or_default());
    data.map(|data| Authority { data: data.into() })
        .into_iter()
        .collect()
}

pub(super) fn identities(found: &types::Cluster) -> Vec<Identity> {
    let of = |identity: &types::Identity| Identity {
        oidc: identity
            .oidc()
            .map(|oidc| Oidc {
                issuer: oidc.issuer().unwrap_or_default().into(),
            })
            .into_iter()
            .collect::<Vec<_>>()
            .into(),
    };
    found.identity().map(of).into_iter().collect()
}

/// What is logged.
pub(super) fn log_types(found: &types::Cluster) -> BTreeSet<String> {
    let logging = found.logging().map(types::Logging::cluster_logging);
    let setups = logging.unwrap_or_default().iter();
    let on = setups.filter(|setup| setup.enabled() == Some(true));
    on.flat_map(types::LogSetup::types)
        .map(|kind| kind.as_str().to_owned())
        .collect()
}

fn set<'a>(values: impl IntoIterator<Item = &'a String>) -> BTreeSet<String> {
    values.into_iter().cloned().collect()
}

fn switch(enabled: Option<bool>) -> Switch {
    Switch {
        enabled: enabled.unwrap_or(false).into(),
    }
}

impl Cluster {
    /// Takes over all nested blocks.
    #[expect(deprecated, reason = "what the schema has is still written and read")]
    pub(super) fn set_blocks(&mut self, found: &types::Cluster) {
        let text = |text: Option<&str>| Attr::from(text.unwrap_or_default());
        // Who made it is not said afterwards.
        let bootstrap = self.access_config.first();
        let bootstrap =
            bootstrap.is_some_and(|a| a.bootstrap_cluster_creator_admin_permissions.is_true());
        self.access_config = found
            .access_config()
            .map(|access| AccessConfig {
                authentication_mode: text(access.authentication_mode().map(|m| m.as_str())),
                bootstrap_cluster_creator_admin_permissions: bootstrap.into(),
            })
            .into();
        let pools = self.compute_config.first().map(|c| c.node_pools.clone());
        self.compute_config = found
            .compute_config()
            .map(|compute| ComputeConfig {
                enabled: compute.enabled().unwrap_or(false).into(),
                node_pools: super::super::kept(
                    set(compute.node_pools()),
                    &pools.unwrap_or_default(),
                ),
                node_role_arn: text(compute.node_role_arn()),
            })
            .into();
        let encryption = |config: &types::EncryptionConfig| EncryptionConfig {
            resources: set(config.resources()).into(),
            provider: config
                .provider()
                .map(|provider| EncryptionProvider {
                    key_arn: text(provider.key_arn()),
                })
                .into(),
        };
        self.encryption_config = found.encryption_config().iter().map(encryption).collect();
        self.kubernetes_network_config = found
            .kubernetes_network_config()
            .map(|network| KubernetesNetworkConfig {
                ip_family: text(network.ip_family().map(|f| f.as_str())),
                service_ipv4_cidr: text(network.service_ipv4_cidr()),
                service_ipv6_cidr: text(network.service_ipv6_cidr()),
                elastic_load_balancing: network
                    .elastic_load_balancing()
                    .map(|balancing| switch(balancing.enabled()))
                    .into(),
            })
            .into();
        self.storage_config = found
            .storage_config()
            .map(|storage| StorageConfig {
                block_storage: storage.block_storage().map(|b| switch(b.enabled())).into(),
            })
            .into();
        self.upgrade_policy = found
            .upgrade_policy()
            .map(|policy| UpgradePolicy {
                support_type: text(policy.support_type().map(|t| t.as_str())),
            })
            .into();
        self.zonal_shift_config = found
            .zonal_shift_config()
            .map(|shift| switch(shift.enabled()))
            .into();
        self.set_networks(found);
    }

    fn set_networks(&mut self, found: &types::Cluster) {
        let text = |text: Option<&str>| Attr::from(text.unwrap_or_default());
        self.outpost_config = found
            .outpost_config()
            .map(|outpost| OutpostConfig {
                control_plane_instance_type: text(Some(outpost.control_plane_instance_type())),
                outpost_arns: set(outpost.outpost_arns()).into(),
                control_plane_placement: outpost
                    .control_plane_placement()
                    .map(|placement| Placement {
                        group_name: text(placement.group_name()),
                    })
                    .into(),
            })
            .into();
        let networks = |cidrs: BTreeSet<String>| RemoteNetworks {
            cidrs: cidrs.into(),
        };
        self.remote_network_config = found
            .remote_network_config()
            .map(|remote| {
                let nodes = remote.remote_node_networks();
                let pods = remote.remote_pod_networks();
                let nodes = nodes.first().map(|n| networks(set(n.cidrs())));
                let pods = pods.first().map(|n| networks(set(n.cidrs())));
                RemoteNetworkConfig {
                    remote_node_networks: nodes.into(),
                    remote_pod_networks: pods.into(),
                }
            })
            .into();
        let groups = self.vpc_config.first();
        let groups = groups.map(|v| v.security_group_ids.clone());
        self.vpc_config = found
            .resources_vpc_config()
            .map(|vpc| VpcConfig {
                cluster_security_group_id: text(vpc.cluster_security_group_id()),
                endpoint_private_access: vpc.endpoint_private_access().into(),
                endpoint_public_access: vpc.endpoint_public_access().into(),
                public_access_cidrs: set(vpc.public_access_cidrs()).into(),
                security_group_ids: super::super::kept(
                    set(vpc.security_group_ids()),
                    &groups.unwrap_or_default(),
                ),
                subnet_ids: set(vpc.subnet_ids()).into(),
                vpc_id: text(vpc.vpc_id()),
            })
            .into();
    }
}
