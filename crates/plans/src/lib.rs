//! Plans: what would be done, as data.

mod change;
pub mod objchange;
mod plan;

pub use change::{Action, ActionReason, Change, Dependency, OutputChange, ResourceChange};
pub use plan::{Mode, Plan, VariableValue};

// To come: file.rs = plan file; json.rs = plan JSON 1.2 (`show -json`), with the configuration.
