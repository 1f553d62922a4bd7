//! The configuration of a directory of `.tf` files, decoded as far as that goes without evaluating
//! anything: what blocks there are, their static arguments, and the expressions to evaluate later.

mod check;
mod decode;
mod early;
mod files;
mod load;
mod mock;
mod module;
#[cfg(test)]
mod oracle;
mod provider;
mod resource;
mod test_file;
mod tree;
mod types;
mod values;
mod values_file;
mod version;

pub use early::{Early, EarlySource, FindGiven, Given, Statics};
pub use files::{DiskFiles, Files, MemoryFiles};
pub use load::Loader;
pub use mock::{MockProvider, Override, StandIn};
pub use module::{
    Backend, Check, Import, Module, ModuleCall, Moved, ProviderRequirement, Removed, RemovedBlock,
};
pub use provider::{PassedProvider, ProviderBlock};
pub use resource::{
    CheckRule, IgnoreChanges, Lifecycle, OnFailure, Provisioner, ProvisionerWhen, Repetition,
    Resource,
};
pub use test_file::{TestCommand, TestFile, TestModule, TestOptions, TestRun};
pub use tree::Config;
pub use types::convert_error;
pub use values::{Local, Output, TypeConstraint, TypeDefaults, Variable};
pub use values_file::{Values, parse_values, parse_variable};
pub use version::{LANGUAGE_VERSION, Version, VersionConstraints};

pub(crate) use decode::statics::value as decode_static;
