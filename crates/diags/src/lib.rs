//! Diagnostics as data: what went wrong, where, and what to do about it.
//!
//! Nothing here renders: the command line decides how a [`Diagnostic`] looks. Anything a person
//! wrote (configuration, variables, state, plan files) is checked with functions that return
//! `(T, Diagnostics)`, so that all problems of a run are reported together.

mod diagnostic;
mod range;

pub use diagnostic::{AttributeStep, Diagnostic, Diagnostics, ReferenceValue, Severity};
pub use range::{Pos, SourceRange};
