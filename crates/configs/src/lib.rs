//! The configuration of a directory of `.tf` files, decoded as far as that goes without evaluating
//! anything: what blocks there are, their static arguments, and the expressions to evaluate later.

mod module;
mod provider;
mod resource;
mod tree;
mod values;

pub use module::{Backend, Module, ModuleCall, Moved, ProviderRequirement};
pub use provider::{PassedProvider, ProviderBlock};
pub use resource::{CheckRule, IgnoreChanges, Lifecycle, Repetition, Resource};
pub use tree::Config;
pub use values::{Local, Output, TypeConstraint, TypeDefaults, Variable};
