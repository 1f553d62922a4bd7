//! What goes wrong on purpose: latency, throttling, server errors, connections that break before or after the effect.
//!
//! [`Faults`] says what; the layer decides call by call. All of it follows from the seed, the rule, the operation and the
//! number of the call, so a run with the same calls meets the same faults.

mod answer;
mod glob;
mod layer;
mod rules;

pub(crate) use layer::{Effect, Layer};
pub use rules::{Fail, Failure, Faults, FaultsError, Latency, Rule};
