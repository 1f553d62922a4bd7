//! What reads bytes of strangers, each as a function of bytes that may do anything but panic, hang or take
//! all memory.
//!
//! The corpus in `corpus/TARGET` is run by the tests; `cargo xtask fuzz TARGET` looks for more.

mod mutate;
mod targets;

pub use mutate::Mutator;
pub use targets::{TARGETS, Target};
