//! What is known about an unknown value.

use crate::Number;
use std::sync::Arc;

/// Limits on what an unknown value can turn out to be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refinement {
    /// Certainly not null.
    pub not_null: bool,
    /// A string starts with this; empty = nothing known.
    pub prefix: Arc<str>,
    /// A number is at least (`true`: inclusive) this.
    pub lower: Option<(Number, bool)>,
    /// A number is at most (`true`: inclusive) this.
    pub upper: Option<(Number, bool)>,
    /// A collection has at least so many elements.
    pub min_len: u64,
    /// A collection has at most so many elements.
    pub max_len: Option<u64>,
}
