//! The JSON syntax of configuration files.
//!
//! Without a schema nobody can tell a nested block from an argument whose value is an object. So a
//! JSON body is read as arguments only, and [`crate::Body::content`] makes blocks of those that the
//! schema calls blocks.

mod blocks;
mod read;

pub(crate) use blocks::{read_attributes, read_content};
pub use read::{parse_json, parse_json_values};

#[cfg(test)]
mod tests;
