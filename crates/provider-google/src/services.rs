//! The services, and the tables of their types.

mod client_config;
mod compute;
#[expect(
    deprecated,
    reason = "hashicorp's attributes are also about fields that have successors"
)]
mod container;
mod iam;
mod projects;
#[expect(clippy::module_inception, reason = "a service that is called services")]
mod services;

use crate::Google;
use sdk::{AnyDataSource, AnyResource, data_source, resource};
pub(crate) use services::Enabled;

/// The resource types, in the order of their names.
pub(crate) fn resources() -> Vec<Box<dyn AnyResource<Google>>> {
    vec![
        resource::<compute::Address>(),
        resource::<compute::Firewall>(),
        resource::<compute::Network>(),
        resource::<compute::Router>(),
        resource::<compute::RouterNat>(),
        resource::<compute::Subnetwork>(),
        resource::<container::Cluster>(),
        resource::<container::NodePool>(),
        resource::<projects::ProjectIamMember>(),
        resource::<services::ProjectService>(),
        resource::<iam::ServiceAccount>(),
        resource::<iam::ServiceAccountIamMember>(),
    ]
}

/// The data sources, in the order of their names.
pub(crate) fn data_sources() -> Vec<Box<dyn AnyDataSource<Google>>> {
    vec![
        data_source::<client_config::ClientConfig>(),
        data_source::<compute::Zones>(),
        data_source::<container::EngineVersions>(),
        data_source::<projects::Project>(),
    ]
}
