//! Logic on bools.

use super::{OpError, Operand, bool_or_unknown, boolean};
use crate::Value;

/// Whether both are true. `false` and something unknown is false.
pub fn and(a: &Value, b: &Value) -> Result<Value, OpError> {
    decide(a, b, false)
}

/// Whether any is true. `true` or something unknown is true.
pub fn or(a: &Value, b: &Value) -> Result<Value, OpError> {
    decide(a, b, true)
}

/// The answer is `decisive` as soon as one operand is.
fn decide(a: &Value, b: &Value, decisive: bool) -> Result<Value, OpError> {
    let answer = match (boolean(a)?, boolean(b)?) {
        (Operand::Known(x), Operand::Known(y)) => Some(if x == decisive || y == decisive {
            decisive
        } else {
            !decisive
        }),
        (Operand::Known(x), _) | (_, Operand::Known(x)) if x == decisive => Some(decisive),
        _ => None,
    };
    Ok(bool_or_unknown(answer, a.marks() | b.marks()))
}

/// The opposite.
pub fn not(value: &Value) -> Result<Value, OpError> {
    let answer = match boolean(value)? {
        Operand::Known(b) => Some(!b),
        Operand::Unknown => None,
    };
    Ok(bool_or_unknown(answer, value.marks()))
}
