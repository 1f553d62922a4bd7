//! The binary form of values, in which providers and hosts exchange them.
//!
//! The type constraint decides the form: where it says `dynamic`, the value carries its type along.
//! Unknown values have a form of their own, with what is known about them.

mod decode;
mod encode;
#[cfg(test)]
mod tests;

pub use decode::decode;
pub use encode::{encode, encode_into};

/// The extension that carries an unknown value with refinements.
const REFINED: i8 = 12;
/// Largest body of that extension.
const MAX_REFINED: usize = 1024;

/// The keys of what is known about an unknown value.
mod key {
    pub(super) const NULLNESS: u8 = 1;
    pub(super) const PREFIX: u8 = 2;
    pub(super) const LOWER: u8 = 3;
    pub(super) const UPPER: u8 = 4;
    pub(super) const MIN_LEN: u8 = 5;
    pub(super) const MAX_LEN: u8 = 6;
}
