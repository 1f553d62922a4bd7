//! From data to text.

pub(crate) mod diagnostic;
pub(crate) mod plan;
