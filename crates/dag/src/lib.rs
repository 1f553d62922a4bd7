//! A dependency graph: what must be done before what.
//!
//! An edge points from a node to a node it depends on. Everything here is synchronous and iterative
//! (no recursion over the graph), and every answer is deterministic: it follows the order in which
//! nodes were added, never the order of memory.

mod cycles;
mod graph;
mod order;
mod reach;
mod reduce;
mod render;
#[cfg(test)]
mod tests;

pub use cycles::{Cycle, CycleError};
pub use graph::{Graph, NodeId};
