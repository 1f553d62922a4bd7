//! Arithmetic, also on ranges of numbers that are not known yet.

use super::{OpError, Operand, Range, number};
use crate::{Number, Refinement, Type, Value};

/// Computes on known numbers; on unknown ones gives an unknown with what `range` says about it.
fn binary(
    a: &Value,
    b: &Value,
    compute: impl Fn(&Number, &Number) -> Option<Number>,
    error: &'static str,
    range: impl Fn(&Range, &Range) -> Option<Range>,
) -> Result<Value, OpError> {
    let marks = a.marks() | b.marks();
    let value = match (number(a)?, number(b)?) {
        (Operand::Known(x), Operand::Known(y)) => {
            Value::number(compute(x, y).ok_or(OpError::NotANumber(error))?)
        }
        _ => {
            let mut refinement = Refinement::not_null();
            if let Some(Range { lower, upper }) = range(&Range::of(a), &Range::of(b)) {
                refinement.lower = (!lower.is_infinite()).then_some((lower, true));
                refinement.upper = (!upper.is_infinite()).then_some((upper, true));
            }
            Value::unknown_refined(Type::Number, refinement)
        }
    };
    Ok(value.with_marks(marks))
}

/// The range of a monotone operation: what it gives at the four corners.
fn corners(
    a: &Range,
    b: &Range,
    compute: impl Fn(&Number, &Number) -> Option<Number>,
) -> Option<Range> {
    let corners = [
        compute(&a.lower, &b.lower)?,
        compute(&a.lower, &b.upper)?,
        compute(&a.upper, &b.lower)?,
        compute(&a.upper, &b.upper)?,
    ];
    Some(Range {
        lower: corners.iter().min()?.clone(),
        upper: corners.iter().max()?.clone(),
    })
}

/// The sum.
pub fn add(a: &Value, b: &Value) -> Result<Value, OpError> {
    binary(
        a,
        b,
        Number::add,
        "can't compute sum of opposing infinities",
        |a, b| {
            Some(Range {
                lower: a.lower.add(&b.lower)?,
                upper: a.upper.add(&b.upper)?,
            })
        },
    )
}

/// The difference.
pub fn sub(a: &Value, b: &Value) -> Result<Value, OpError> {
    binary(
        a,
        b,
        Number::sub,
        "can't subtract infinity from itself",
        |a, b| {
            Some(Range {
                lower: a.lower.sub(&b.upper)?,
                upper: a.upper.sub(&b.lower)?,
            })
        },
    )
}

/// The product.
pub fn mul(a: &Value, b: &Value) -> Result<Value, OpError> {
    binary(
        a,
        b,
        Number::mul,
        "can't multiply zero by infinity",
        |a, b| corners(a, b, Number::mul),
    )
}

/// The quotient. A number divided by zero is infinite.
pub fn div(a: &Value, b: &Value) -> Result<Value, OpError> {
    let error = "can't divide zero by zero or infinity by infinity";
    binary(a, b, Number::div, error, |_, _| None)
}

/// The remainder of the division that is cut off towards zero.
pub fn rem(a: &Value, b: &Value) -> Result<Value, OpError> {
    let error = "can't use modulo with zero and infinity";
    binary(a, b, Number::rem, error, |_, _| None)
}

/// The number with the opposite sign.
pub fn neg(value: &Value) -> Result<Value, OpError> {
    let result = match number(value)? {
        Operand::Known(n) => Value::number(n.neg()),
        Operand::Unknown => Value::unknown_refined(Type::Number, Refinement::not_null()),
    };
    Ok(result.with_marks(value.marks()))
}
