//! The language's `==`.

use super::bool_or_unknown;
use crate::{Data, Refinement, Type, Value};

/// Whether two values are equal: of the same type and with equal data. Nulls are equal whatever
/// their types. Unknown if that depends on something unknown.
pub fn equals(a: &Value, b: &Value) -> Value {
    bool_or_unknown(equal(a, b), a.all_marks() | b.all_marks())
}

/// Whether two values are not equal; see [`equals`].
pub fn not_equal(a: &Value, b: &Value) -> Value {
    bool_or_unknown(
        equal(a, b).map(|equal| !equal),
        a.all_marks() | b.all_marks(),
    )
}

/// `None` if it depends on something unknown. Marks are ignored.
pub(crate) fn equal(a: &Value, b: &Value) -> Option<bool> {
    match (a.is_known(), b.is_known()) {
        (true, true) => equal_known(a, b),
        (true, false) => equal_to_unknown(a, b),
        (false, true) => equal_to_unknown(b, a),
        (false, false) => None,
    }
}

fn equal_to_unknown(known: &Value, unknown: &Value) -> Option<bool> {
    if known.is_null() {
        return unknown.is_definitely_not_null().then_some(false);
    }
    if unknown.refinement().is_some_and(|r| excludes(r, known)) {
        return Some(false);
    }
    // Anything may turn out to be in the place of a dynamic type.
    let open = unknown.ty().has_dynamic();
    (!open && (known.ty() != unknown.ty() || !conforms(known.ty(), unknown.ty()))).then_some(false)
}

/// Whether a value that is refined so certainly does not turn out to be this known, not null one.
fn excludes(refinement: &Refinement, known: &Value) -> bool {
    match &known.data {
        Data::String(s) => !s.starts_with(&*refinement.prefix),
        Data::Number(n) => !refinement.includes_number(n),
        Data::Seq(_) | Data::Map(_) if known.ty().is_collection() => {
            // The length of a set with unknown elements can shrink to one.
            let most = known.len().unwrap_or(0) as u64;
            let least = match known.ty() {
                Type::Set(_) if !known.is_wholly_known() => most.min(1),
                _ => most,
            };
            most < refinement.min_len || refinement.max_len.is_some_and(|max| least > max)
        }
        _ => false,
    }
}

fn equal_known(a: &Value, b: &Value) -> Option<bool> {
    if a.is_null() || b.is_null() {
        return Some(a.is_null() && b.is_null());
    }
    if !type_is_known(a) || !type_is_known(b) {
        let never = !conforms(a.ty(), b.ty()) && !conforms(b.ty(), a.ty());
        return never.then_some(false);
    }
    if a.ty() != b.ty() {
        return Some(false);
    }
    match (&a.data, &b.data) {
        (Data::Bool(a), Data::Bool(b)) => Some(a == b),
        (Data::Number(a), Data::Number(b)) => Some(a == b),
        (Data::String(a), Data::String(b)) => Some(a == b),
        (Data::Seq(x), Data::Seq(y)) => match a.ty() {
            Type::Set(_) => equal_sets(x, y),
            Type::Object(_) => all_equal(x.iter().zip(y.iter())),
            _ if x.len() != y.len() => Some(false),
            _ => equal_in_order(x, y),
        },
        (Data::Map(x), Data::Map(y)) => {
            if x.len() != y.len() || x.iter().zip(y.iter()).any(|(x, y)| x.0 != y.0) {
                return Some(false);
            }
            all_equal(x.iter().map(|e| &e.1).zip(y.iter().map(|e| &e.1)))
        }
        _ => Some(false),
    }
}

/// One difference decides, wherever it is.
fn all_equal<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Option<bool> {
    let mut result = Some(true);
    for (a, b) in pairs {
        match equal(a, b) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => result = None,
        }
    }
    result
}

/// The first pair that is not equal decides.
fn equal_in_order(a: &[Value], b: &[Value]) -> Option<bool> {
    a.iter()
        .zip(b)
        .map(|(a, b)| equal(a, b))
        .find(|e| *e != Some(true))
        .unwrap_or(Some(true))
}

/// Both are in the order of sets, without duplicates.
fn equal_sets(a: &[Value], b: &[Value]) -> Option<bool> {
    let both = || a.iter().chain(b);
    if both().any(|v| !v.is_known()) {
        return None;
    }
    // An element with something unknown inside equals no other.
    if both().any(|v| !v.is_wholly_known()) {
        return Some(false);
    }
    if a.len() != b.len() {
        return Some(false);
    }
    equal_in_order(a, b)
}

/// Whether nothing inside is of unknown type.
fn type_is_known(value: &Value) -> bool {
    if value.is_wholly_known() {
        return true;
    }
    match &value.data {
        Data::Unknown(_) => *value.ty() != Type::Dynamic,
        Data::Seq(values) => values.iter().all(type_is_known),
        Data::Map(entries) => entries.iter().all(|(_, v)| type_is_known(v)),
        _ => true,
    }
}

/// Whether a type is one that a constraint allows.
pub(crate) fn conforms(ty: &Type, constraint: &Type) -> bool {
    match (ty, constraint) {
        (_, Type::Dynamic) => true,
        (Type::List(a), Type::List(b))
        | (Type::Set(a), Type::Set(b))
        | (Type::Map(a), Type::Map(b)) => conforms(a, b),
        (Type::Tuple(a), Type::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| conforms(a, b))
        }
        (Type::Object(a), Type::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b.iter())
                    .all(|(a, b)| a.0 == b.0 && conforms(a.1, b.1))
        }
        (a, b) => a == b,
    }
}
