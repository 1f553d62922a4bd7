//! Addresses: the names of everything a configuration, a state and a plan talk about.
//!
//! Two levels run through all of it. A *static* address (`Module`, `Resource`) names a block in the
//! configuration; an *instance* address (`ModuleInstance`, `ResourceInstance`) names one of the
//! things that `count` and `for_each` make of it. Each type prints as it is written and is parsed
//! from the same text.

mod instance_key;
mod module;
mod move_endpoint;
mod provider;
mod reference;
mod resource;
mod target;
mod text;
mod traversal;

pub use instance_key::InstanceKey;
pub use module::{Module, ModuleInstance, ModuleStep};
pub use move_endpoint::MoveEndpoint;
pub use provider::{LocalProviderConfig, Provider, ProviderConfig};
pub use reference::{Reference, Referenceable};
pub use resource::{AbsResource, AbsResourceInstance, ConfigResource, Mode, Resource};
pub use target::Target;
pub use text::{
    parse_config_resource, parse_module_instance, parse_provider_config, parse_resource_instance,
    split_module,
};
