//! The services, and the tables of their types.

mod compute;

use crate::Google;
use sdk::{AnyDataSource, AnyResource, resource};

/// The resource types, in the order of their names.
pub(crate) fn resources() -> Vec<Box<dyn AnyResource<Google>>> {
    vec![
        resource::<compute::Address>(),
        resource::<compute::Firewall>(),
        resource::<compute::Network>(),
        resource::<compute::Router>(),
        resource::<compute::RouterNat>(),
        resource::<compute::Subnetwork>(),
    ]
}

/// The data sources, in the order of their names.
pub(crate) fn data_sources() -> Vec<Box<dyn AnyDataSource<Google>>> {
    Vec::new()
}
