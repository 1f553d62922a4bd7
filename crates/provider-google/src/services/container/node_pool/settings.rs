//! What is set of a node pool besides its machines.

use super::super::values::{choice, number};
use crate::Google;
use crate::error::from_gax;
use crate::names;
use google_cloud_container_v1::model;
use sdk::{Attr, Cx, Error, Model};

/// How many nodes there may be.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Autoscaling {
    /// `BALANCED` or `ANY`: in which zones nodes are made.
    #[attr(optional, computed, one_of("BALANCED", "ANY"))]
    location_policy: Attr<String>,
    /// At most so many in each zone.
    #[attr(optional, zero)]
    max_node_count: Attr<i64>,
    /// At least so many in each zone.
    #[attr(optional, zero)]
    pub(super) min_node_count: Attr<i64>,
    /// At most so many.
    #[attr(optional, zero)]
    total_max_node_count: Attr<i64>,
    /// At least so many.
    #[attr(optional, zero)]
    total_min_node_count: Attr<i64>,
}

impl Autoscaling {
    pub(super) fn to_api(&self) -> model::NodePoolAutoscaling {
        let scaling = model::NodePoolAutoscaling::new()
            .set_enabled(true)
            .set_max_node_count(number(&self.max_node_count))
            .set_min_node_count(number(&self.min_node_count))
            .set_total_max_node_count(number(&self.total_max_node_count))
            .set_total_min_node_count(number(&self.total_min_node_count));
        match self
            .location_policy
            .known()
            .filter(|policy| !policy.is_empty())
        {
            Some(policy) => scaling.set_location_policy(policy.as_str()),
            None => scaling,
        }
    }

    pub(super) fn from_api(scaling: &model::NodePoolAutoscaling) -> Option<Self> {
        let policy = scaling.location_policy.name();
        let policy = policy.filter(|policy| *policy != "LOCATION_POLICY_UNSPECIFIED");
        scaling.enabled.then(|| Self {
            location_policy: choice(policy),
            max_node_count: i64::from(scaling.max_node_count).into(),
            min_node_count: i64::from(scaling.min_node_count).into(),
            total_max_node_count: i64::from(scaling.total_max_node_count).into(),
            total_min_node_count: i64::from(scaling.total_min_node_count).into(),
        })
    }
}

/// What the service does by itself.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Management {
    /// Whether it replaces nodes that are not well.
    #[attr(optional, default = true)]
    auto_repair: Attr<bool>,
    /// Whether it upgrades nodes.
    #[attr(optional, default = true)]
    auto_upgrade: Attr<bool>,
}

impl Management {
    pub(super) fn to_api(&self) -> model::NodeManagement {
        model::NodeManagement::new()
            .set_auto_repair(self.auto_repair.is_true())
            .set_auto_upgrade(self.auto_upgrade.is_true())
    }

    pub(super) fn from_api(management: &model::NodeManagement) -> Self {
        Self {
            auto_repair: management.auto_repair.into(),
            auto_upgrade: management.auto_upgrade.into(),
        }
    }
}

/// How the nodes are in the network.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Network {
    /// Whether a range for Pods is made.
    #[attr(optional, requires_replace, zero)]
    create_pod_range: Attr<bool>,
    /// Whether nodes have no public addresses.
    #[attr(optional, computed)]
    pub(super) enable_private_nodes: Attr<bool>,
    /// The range of Pods.
    #[attr(optional, computed, requires_replace)]
    pod_ipv4_cidr_block: Attr<String>,
    /// The secondary range that Pods have their addresses from.
    #[attr(optional, computed, requires_replace)]
    pod_range: Attr<String>,
    /// The subnetwork of the nodes.
    #[attr(optional, computed, requires_replace, same = same)]
    subnetwork: Attr<String>,
}

#[expect(clippy::ptr_arg, reason = "the derive gives what the attribute holds")]
fn same(one: &String, other: &String) -> bool {
    names::same(one, other)
}

impl Network {
    pub(super) fn to_api(&self) -> model::NodeNetworkConfig {
        model::NodeNetworkConfig::new()
            .set_create_pod_range(self.create_pod_range.is_true())
            .set_or_clear_enable_private_nodes(self.enable_private_nodes.to_option())
            .set_pod_ipv4_cidr_block(self.pod_ipv4_cidr_block.as_str())
            .set_pod_range(self.pod_range.as_str())
            .set_subnetwork(self.subnetwork.as_str())
    }

    pub(super) fn from_api(network: &model::NodeNetworkConfig) -> Self {
        Self {
            create_pod_range: network.create_pod_range.into(),
            enable_private_nodes: network.enable_private_nodes.unwrap_or(false).into(),
            pod_ipv4_cidr_block: network.pod_ipv4_cidr_block.as_str().into(),
            pod_range: network.pod_range.as_str().into(),
            subnetwork: network.subnetwork.as_str().into(),
        }
    }
}

/// How the machines are near to each other.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Placement {
    /// The placement policy of Compute Engine.
    #[attr(optional, requires_replace, zero)]
    policy_name: Attr<String>,
    /// The arrangement of TPUs.
    #[attr(optional, zero)]
    tpu_topology: Attr<String>,
    /// `COMPACT`.
    #[attr(required)]
    r#type: Attr<String>,
}

impl Placement {
    pub(super) fn to_api(&self) -> model::node_pool::PlacementPolicy {
        model::node_pool::PlacementPolicy::new()
            .set_policy_name(self.policy_name.as_str())
            .set_tpu_topology(self.tpu_topology.as_str())
            .set_type(self.r#type.as_str())
    }

    pub(super) fn from_api(policy: &model::node_pool::PlacementPolicy) -> Option<Self> {
        (*policy != model::node_pool::PlacementPolicy::default()).then(|| Self {
            policy_name: policy.policy_name.as_str().into(),
            tpu_topology: policy.tpu_topology.as_str().into(),
            r#type: choice(policy.r#type.name()),
        })
    }
}

/// How nodes are replaced.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Upgrade {
    /// How many nodes there may be besides.
    #[attr(optional, computed)]
    max_surge: Attr<i64>,
    /// How many nodes may be away.
    #[attr(optional, computed)]
    max_unavailable: Attr<i64>,
    /// `SURGE`, `BLUE_GREEN` or `SHORT_LIVED`.
    #[attr(
        optional,
        default = "SURGE",
        one_of("SURGE", "BLUE_GREEN", "SHORT_LIVED")
    )]
    strategy: Attr<String>,
}

impl Upgrade {
    pub(super) fn to_api(&self) -> model::node_pool::UpgradeSettings {
        model::node_pool::UpgradeSettings::new()
            .set_max_surge(number(&self.max_surge))
            .set_max_unavailable(number(&self.max_unavailable))
            .set_strategy(self.strategy.as_str())
    }

    pub(super) fn from_api(settings: &model::node_pool::UpgradeSettings) -> Self {
        let strategy = settings
            .strategy
            .as_ref()
            .and_then(|strategy| strategy.name());
        Self {
            max_surge: i64::from(settings.max_surge).into(),
            max_unavailable: i64::from(settings.max_unavailable).into(),
            strategy: strategy.unwrap_or("SURGE").into(),
        }
    }
}

/// How many machines the groups of a node pool are to have, in each zone. A group that is gone has none.
pub(super) async fn size(groups: &[String], cx: &Cx<'_, Google>) -> Result<i64, Error> {
    let managers = cx.clients.instance_group_managers().await?;
    let one = |url: &String| {
        let parts: Vec<&str> = names::relative(url).split('/').collect();
        let get = match parts[..] {
            ["projects", project, "zones", zone, _, name] => Some(
                managers
                    .get()
                    .set_project(project)
                    .set_zone(zone)
                    .set_instance_group_manager(name),
            ),
            _ => None,
        };
        async {
            let Some(get) = get else {
                return Ok(0);
            };
            match get.send().await {
                Ok(group) => Ok(i64::from(group.target_size.unwrap_or_default())),
                Err(error) => match from_gax(&error) {
                    error if error.is_not_found() => Ok(0),
                    error => Err(error.doing("reading the machines of a node pool")),
                },
            }
        }
    };
    let sizes: Vec<i64> = futures::future::try_join_all(groups.iter().map(one)).await?;
    let zones = i64::try_from(groups.len()).unwrap_or(1).max(1);
    Ok(sizes.iter().sum::<i64>() / zones)
}
