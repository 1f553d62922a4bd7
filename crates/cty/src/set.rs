//! The order and identity of set elements.

use crate::Value;

/// Sorts set elements into cty's order and drops those that are equal to one before.
pub(crate) fn normalize(values: Vec<Value>) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::with_capacity(values.len());
    for value in values {
        if !out.contains(&value) {
            out.push(value);
        }
    }
    out
}
