//! The laws of the plugin protocol as pure functions: what a provider is asked for, and what it may
//! answer.
//!
//! All of them take values without marks: the caller takes marks off before it asks a provider, and
//! puts them back afterwards. [`action()`] and [`apply_ignore_changes`] accept them.

mod action;
mod compatible;
mod conforms;
mod correlate;
mod empty;
mod ignore;
mod known;
mod legacy;
mod parts;
mod plan_valid;
mod proposed;
mod replace;
mod report;
#[cfg(test)]
mod tests;
mod write_only;

pub use action::{Decision, action};
pub use compatible::assert_object_compatible;
pub use conforms::conforms;
pub use empty::empty_value;
pub use ignore::apply_ignore_changes;
pub use known::{unknown_computed, unknown_parts, unknowns_as_null};
pub use legacy::normalize_legacy;
pub use plan_valid::assert_plan_valid;
pub use proposed::{planned_data_object, proposed_new};
pub use replace::{assert_replace_paths, filter_requires_replace};
pub use report::Violation;
pub use write_only::assert_write_only_null;
