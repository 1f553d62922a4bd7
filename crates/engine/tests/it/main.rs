//! The engine on whole configurations: text in, text out.

mod harness;
mod long_chains;
mod orders;
mod plans;
