//! From data to text.

pub(crate) mod diagnostic;
pub(crate) mod differ;
pub(crate) mod events;
pub(crate) mod node;
pub(crate) mod plan;
pub(crate) mod progress;
pub(crate) mod render;
pub(crate) mod schemas;
pub(crate) mod state;
pub(crate) mod style;
pub(crate) mod tests;
pub(crate) mod value;
pub(crate) mod wrap;
