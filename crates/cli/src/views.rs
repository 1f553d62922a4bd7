//! From data to text.

pub(crate) mod diagnostic;
pub(crate) mod plan;
pub(crate) mod schemas;
pub(crate) mod value;
