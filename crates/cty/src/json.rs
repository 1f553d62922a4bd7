//! The JSON forms of values and types: in state files and plans, and what `jsonencode` and
//! `jsondecode` speak.
//!
//! Strings are escaped as Go does, so that files written by either program are the same.

mod decode;
mod encode;
mod reader;
#[cfg(test)]
mod tests;
mod types;

pub use decode::{decode, decode_simple, implied_type};
pub use encode::{encode, encode_into, encode_simple, write_string};
