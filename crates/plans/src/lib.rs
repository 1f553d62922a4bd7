//! Plans: what would be done, as data.

mod change;
mod plan;

pub use change::{Action, ActionReason, Change, Dependency, OutputChange, ResourceChange};
pub use plan::{Mode, Plan, VariableValue};

// To come (owner: plans): objchange.rs (+ objchange/…) = the laws of tfplugin.md section 4 as pure functions;
// file.rs = plan file; json.rs = plan JSON 1.2 (`show -json`), with configuration from configs
