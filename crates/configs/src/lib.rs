//! The configuration of a directory of `.tf` files, decoded as far as that goes without evaluating
//! anything: what blocks there are, their static arguments, and the expressions to evaluate later.

mod check;
mod decode;
mod files;
mod load;
mod module;
mod provider;
mod resource;
mod tree;
mod types;
mod values;
mod values_file;

pub use files::{DiskFiles, Files, MemoryFiles};
pub use load::Loader;
pub use module::{Backend, Module, ModuleCall, Moved, ProviderRequirement};
pub use provider::{PassedProvider, ProviderBlock};
pub use resource::{CheckRule, IgnoreChanges, Lifecycle, Repetition, Resource};
pub use tree::Config;
pub use types::convert_error;
pub use values::{Local, Output, TypeConstraint, TypeDefaults, Variable};
pub use values_file::{Values, parse_values, parse_variable};

pub(crate) use decode::statics::value as decode_static;
