//! The engine on whole configurations: text in, text out.

mod long_chains;
mod orders;
mod plans;
