//! What to do, and doing it: planning, the execution graph, applying.
//!
//! Phases are values. [`plan`] takes a [`Round`] and a state and returns a plan, [`apply`] takes a plan
//! and returns a state; both always return one, also after errors. The engine knows providers only as
//! [`providers::Provider`], and whoever wants to watch or to keep a journal implements [`Hooks`] or
//! [`Journal`].

mod applying;

mod builtin;
mod check_blocks;
mod ephemeral;
mod execgraph;
mod hooks;
mod journal;
mod planning;
mod pool;
mod provider_functions;
mod provisioners;
mod resources;
mod round;
mod stand_ins;
mod statics;
mod validating;

pub use applying::apply;
pub use builtin::BuiltinProvider;
pub use execgraph::{ExecGraph, Op, build as build_execgraph};
pub use hooks::{ApplyEvent, EphemeralOp, Hooks, Silent};
pub use journal::{Journal, NoJournal};
pub use planning::{PriorState, import, plan, settings};
pub use pool::{ProviderFactory, ProviderPool, Schemas};
pub use provider_functions::module_functions;
pub use round::{Interrupted, PlanOptions, Round, Surroundings};
pub use stand_ins::StandIns;
pub use validating::validate;
