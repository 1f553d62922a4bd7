//! Plans: what would be done, as data.

mod change;
pub mod file;
pub mod json;
pub mod objchange;
mod plan;

pub use change::{Action, ActionReason, Change, Dependency, OutputChange, ResourceChange};
pub use plan::{Mode, Plan, VariableValue};
