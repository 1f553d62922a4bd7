//! Conversion of values to types.
//!
//! A conversion is *safe* if it succeeds for every value of the type, like number to string; *unsafe*
//! if it can fail or loses something, like string to number or list to set. [`convert`] does both.
//! Where the wanted type says `dynamic`, the value's own type takes its place; the elements of a
//! collection then get one common type. Nulls, unknowns and marks go through.

mod apply;
mod mismatch;
mod replace;
#[cfg(test)]
mod tests;

pub use mismatch::mismatch_message;

use crate::unify::unify_with;
use crate::{Path, Step, Type, Value};

/// Why a value cannot be converted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ConvertError {
    /// Where inside the value the problem is.
    pub path: Path,
    /// What is wrong there, as users read it: "a number is required".
    pub message: String,
}

impl ConvertError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            path: Path::root(),
            message: message.into(),
        }
    }

    /// The same problem seen from one step further out. Until the path is complete its steps are in
    /// reverse.
    fn within(mut self, step: Step) -> Self {
        self.path.0.push(step);
        self
    }
}

/// Whether a conversion can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// Succeeds for every value.
    Safe,
    /// Fails for some values, or loses something.
    Unsafe,
}

/// Converts a value to a type. A value that already has the type comes back as it is.
pub fn convert(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    if value.ty() == want {
        return Ok(value.clone());
    }
    checked(value, want).map_err(|mut error| {
        error.path.0.reverse();
        error
    })
}

/// Which conversion there is between two types; `None` if no value could be converted.
pub fn conversion_exists(from: &Type, to: &Type) -> Option<Conversion> {
    if exists(from, to, false) {
        Some(Conversion::Safe)
    } else {
        exists(from, to, true).then_some(Conversion::Unsafe)
    }
}

/// Converts if the types allow it at all. The path of an error is in reverse.
fn checked(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    if !exists(value.ty(), want, true) {
        return Err(ConvertError::new(mismatch_message(value.ty(), want)));
    }
    apply::apply(value, want)
}

/// Whether there is a safe conversion, or with `risky` any.
pub(crate) fn exists(from: &Type, to: &Type, risky: bool) -> bool {
    match (from, to) {
        (_, Type::Dynamic) => true,
        (Type::Dynamic, _) => risky,
        _ if from == to => true,
        (Type::Number | Type::Bool, Type::String) => true,
        (Type::String, Type::Number | Type::Bool) => risky,
        (Type::List(a) | Type::Set(a), Type::List(b))
        | (Type::Set(a), Type::Set(b))
        | (Type::Map(a), Type::Map(b)) => exists(a, b, risky),
        (Type::List(a), Type::Set(b)) => risky && exists(a, b, risky),
        (Type::Tuple(a), Type::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| exists(a, b, risky))
        }
        (Type::Tuple(elements), Type::List(want) | Type::Set(want)) => {
            let Some(want) = sequence_element(elements, want, risky) else {
                return false;
            };
            all_exist(elements.iter(), &want, risky)
        }
        (Type::Object(attrs), Type::Map(want)) => {
            let Some(want) = map_element(attrs.iter().map(|(_, t)| t), want, risky) else {
                return false;
            };
            all_exist(attrs.iter().map(|(_, t)| t), &want, risky)
        }
        (Type::Object(a), Type::Object(b)) => b.iter().all(|(name, want)| match a.get(name) {
            Some(have) => exists(have, want, risky),
            None => b.is_optional(name),
        }),
        (Type::Map(element), Type::Object(b)) => {
            risky
                && b.iter()
                    .all(|(name, want)| exists(element, want, true) || b.is_optional(name))
        }
        _ => false,
    }
}

/// Equal types that follow each other, as most do, are looked at once.
fn all_exist<'a>(from: impl Iterator<Item = &'a Type>, to: &Type, risky: bool) -> bool {
    let mut last = None;
    for ty in from {
        if last != Some(ty) && !exists(ty, to, risky) {
            return false;
        }
        last = Some(ty);
    }
    true
}

/// The element type that a tuple's elements get in a list or set; `None` if there is no common one.
fn sequence_element(elements: &[Type], want: &Type, risky: bool) -> Option<Type> {
    if *want != Type::Dynamic || elements.is_empty() {
        return Some(want.clone());
    }
    let element = unify_with(elements, risky)?;
    (element != Type::Dynamic || elements.iter().all(|t| *t == Type::Dynamic)).then_some(element)
}

/// The element type that an object's attributes get in a map; `None` if there is no common one.
fn map_element<'a>(
    attrs: impl Iterator<Item = &'a Type>,
    want: &Type,
    risky: bool,
) -> Option<Type> {
    let attrs: Vec<Type> = if *want == Type::Dynamic {
        attrs.cloned().collect()
    } else {
        Vec::new()
    };
    if attrs.is_empty() {
        Some(want.clone())
    } else {
        unify_with(&attrs, risky)
    }
}
