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
mod resource;

pub use instance_key::InstanceKey;
pub use module::{Module, ModuleInstance, ModuleStep};
pub use move_endpoint::MoveEndpoint;
pub use provider::{LocalProviderConfig, Provider, ProviderConfig};
pub use resource::{AbsResource, AbsResourceInstance, ConfigResource, Mode, Resource};

// To come (owner: configs): `FromStr`/parse functions for each of them, `Reference` + `Referenceable`
// (parse from hcl::Traversal: var.x, local.x, each.key, count.index, path.module, terraform.workspace, self,
// module.a, module.a[k].out, data.t.n, ephemeral.t.n, t.n[k]), `Target`, parsing of MoveEndpoint.
