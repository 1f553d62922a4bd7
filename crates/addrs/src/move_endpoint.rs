//! The two ends of a `moved` block.

use crate::{InstanceKey, ModuleInstance, Resource};
use std::fmt;

/// What a `moved` block's `from` or `to` names, relative to the module the block stands in. A step
/// without a key stands for all instances of the block, or for the one without a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoveEndpoint {
    /// A module call or one instance of it.
    Module(ModuleInstance),
    /// A resource or one instance of it; the module steps lead to where it is.
    Resource {
        /// The module.
        module: ModuleInstance,
        /// The resource.
        resource: Resource,
        /// The key, if written.
        key: InstanceKey,
    },
}

impl fmt::Display for MoveEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module(module) => module.fmt(f),
            Self::Resource {
                module,
                resource,
                key,
            } => {
                if !module.is_root() {
                    write!(f, "{module}.")?;
                }
                write!(f, "{resource}{key}")
            }
        }
    }
}
