//! Comparison of numbers.

use super::{OpError, Operand, Range, bool_or_unknown, number, or};
use crate::{Type, Value, ops};
use std::cmp::Ordering;

/// Whether `a` is less than `b`.
pub fn less(a: &Value, b: &Value) -> Result<Value, OpError> {
    compare(a, b, Ordering::Less)
}

/// Whether `a` is greater than `b`.
pub fn greater(a: &Value, b: &Value) -> Result<Value, OpError> {
    compare(a, b, Ordering::Greater)
}

/// Whether `a` is at most `b`.
pub fn less_eq(a: &Value, b: &Value) -> Result<Value, OpError> {
    or(&less(a, b)?, &ops::equals(a, b))
}

/// Whether `a` is at least `b`.
pub fn greater_eq(a: &Value, b: &Value) -> Result<Value, OpError> {
    or(&greater(a, b)?, &ops::equals(a, b))
}

fn compare(a: &Value, b: &Value, wanted: Ordering) -> Result<Value, OpError> {
    let answer = match (number(a)?, number(b)?) {
        (Operand::Known(x), Operand::Known(y)) => Some(x.cmp(y) == wanted),
        _ if *a.ty() == Type::Dynamic || *b.ty() == Type::Dynamic => None,
        _ => match (Range::of(a), Range::of(b)) {
            (a, b) if a.upper < b.lower => Some(wanted == Ordering::Less),
            (a, b) if a.lower > b.upper => Some(wanted == Ordering::Greater),
            _ => None,
        },
    };
    Ok(bool_or_unknown(answer, a.marks() | b.marks()))
}
