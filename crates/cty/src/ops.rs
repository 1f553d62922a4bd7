//! The operations of the language on values.
//!
//! Every result carries the marks of all operands. An operation on something unknown is unknown,
//! unless what is known suffices to answer. Operands of the wrong type and null ones are errors: the
//! caller converts and checks first, where it can point at the expression.

mod access;
mod arithmetic;
mod equality;
mod logic;
mod order;
#[cfg(test)]
mod tests;

pub use arithmetic::{add, div, mul, neg, rem, sub};
pub(crate) use equality::{conforms, equal};
pub use equality::{equals, not_equal};
pub use logic::{and, not, or};
pub use order::{greater, greater_eq, less, less_eq};

use crate::{Data, Marks, Number, Refinement, Type, Value};

/// Why an operation has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpError {
    /// An operand is null.
    #[error("argument must not be null")]
    Null,
    /// An operand is of another type than this.
    #[error("{0} is required")]
    Type(&'static str),
    /// The result would not be a number.
    #[error("{0}")]
    NotANumber(&'static str),
    /// There is no such attribute or element, or the value cannot have one.
    #[error("{0}")]
    Access(String),
}

impl From<OpError> for String {
    fn from(error: OpError) -> Self {
        error.to_string()
    }
}

/// An operand as an operation sees it.
enum Operand<T> {
    Known(T),
    /// The type may be unknown too.
    Unknown,
}

fn number(value: &Value) -> Result<Operand<&Number>, OpError> {
    match (&value.data, value.ty()) {
        (Data::Number(n), _) => Ok(Operand::Known(n)),
        (Data::Unknown(_), Type::Number | Type::Dynamic) => Ok(Operand::Unknown),
        (Data::Null, Type::Number | Type::Dynamic) => Err(OpError::Null),
        _ => Err(OpError::Type("a number")),
    }
}

fn boolean(value: &Value) -> Result<Operand<bool>, OpError> {
    match (&value.data, value.ty()) {
        (Data::Bool(b), _) => Ok(Operand::Known(*b)),
        (Data::Unknown(_), Type::Bool | Type::Dynamic) => Ok(Operand::Unknown),
        (Data::Null, Type::Bool | Type::Dynamic) => Err(OpError::Null),
        _ => Err(OpError::Type("a bool")),
    }
}

/// The bool that is not known yet but certainly not null.
fn unknown_bool() -> Value {
    Value::unknown_refined(Type::Bool, Refinement::not_null())
}

fn bool_or_unknown(answer: Option<bool>, marks: Marks) -> Value {
    answer
        .map_or_else(unknown_bool, Value::bool)
        .with_marks(marks)
}

/// What a number can be: its bounds, or infinities.
#[derive(Clone)]
struct Range {
    lower: Number,
    upper: Number,
}

impl Range {
    fn of(value: &Value) -> Self {
        match &value.data {
            Data::Number(n) => Self {
                lower: n.clone(),
                upper: n.clone(),
            },
            _ => {
                let refinement = value.refinement();
                let lower = refinement.and_then(|r| r.lower.as_ref());
                let upper = refinement.and_then(|r| r.upper.as_ref());
                Self {
                    lower: lower.map_or(Number::NEG_INFINITY, |l| l.0.clone()),
                    upper: upper.map_or(Number::INFINITY, |u| u.0.clone()),
                }
            }
        }
    }
}
