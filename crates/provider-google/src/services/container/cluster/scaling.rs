//! Node pools that come and go by themselves.

use super::super::values::choice;
use google_cloud_container_v1::model;
use sdk::{Attr, Blocks, Model};

/// Node pools that come and go by themselves.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Autoscaling {
    /// The zones of such node pools.
    #[attr(optional, computed)]
    auto_provisioning_locations: Attr<Vec<String>>,
    /// `BALANCED` or `OPTIMIZE_UTILIZATION`: how soon nodes are removed.
    #[attr(
        optional,
        default = "BALANCED",
        one_of("BALANCED", "OPTIMIZE_UTILIZATION", "PROFILE_UNSPECIFIED")
    )]
    autoscaling_profile: Attr<String>,
    /// Whether node pools are made.
    #[attr(optional, computed)]
    enabled: Attr<bool>,
    /// The most of each kind of resource.
    #[block(list)]
    resource_limits: Blocks<Limit>,
}

/// The most of a kind of resource.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Limit {
    /// At most so much.
    #[attr(required)]
    maximum: Attr<i64>,
    /// At least so much.
    #[attr(optional, zero)]
    minimum: Attr<i64>,
    /// `cpu`, `memory`, or the type of an accelerator.
    #[attr(required)]
    resource_type: Attr<String>,
}

impl Autoscaling {
    pub(super) fn to_api(&self) -> model::ClusterAutoscaling {
        let limit = |limit: &Limit| {
            model::ResourceLimit::new()
                .set_resource_type(limit.resource_type.as_str())
                .set_minimum(limit.minimum.or_default())
                .set_maximum(limit.maximum.or_default())
        };
        model::ClusterAutoscaling::new()
            .set_enable_node_autoprovisioning(self.enabled.is_true())
            .set_autoscaling_profile(self.autoscaling_profile.as_str())
            .set_autoprovisioning_locations(self.auto_provisioning_locations.or_default())
            .set_resource_limits(self.resource_limits.iter().map(limit))
    }

    pub(super) fn from_api(config: &model::ClusterAutoscaling) -> Self {
        let limit = |limit: &model::ResourceLimit| Limit {
            maximum: limit.maximum.into(),
            minimum: limit.minimum.into(),
            resource_type: limit.resource_type.as_str().into(),
        };
        Self {
            auto_provisioning_locations: config.autoprovisioning_locations.clone().into(),
            autoscaling_profile: choice(config.autoscaling_profile.name()),
            enabled: config.enable_node_autoprovisioning.into(),
            resource_limits: config.resource_limits.iter().map(limit).collect(),
        }
    }
}
