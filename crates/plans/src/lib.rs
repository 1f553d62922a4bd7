//! Plans: what would be done, as data.

mod change;
pub mod file;
mod generated;
pub mod json;
pub mod objchange;
mod plan;

pub use change::{Action, ActionReason, Change, Dependency, OutputChange, ResourceChange};
pub use generated::{expression_text, generated_block};
pub use plan::{Mode, Plan, VariableValue};
