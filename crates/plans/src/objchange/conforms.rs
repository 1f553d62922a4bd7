//! Whether a value has the type that a schema says.

use super::report::{Report, Violation};
use cty::{Type, Value};
use std::sync::Arc;

/// Where the type of a value is not one that the constraint allows. Nothing is converted.
pub fn conforms(value: &Value, constraint: &Type) -> Vec<Violation> {
    let mut report = Report::default();
    mismatches(value.ty(), constraint, &mut report);
    report.found
}

pub(super) fn mismatches(ty: &Type, constraint: &Type, report: &mut Report) {
    match (ty, constraint) {
        (_, Type::Dynamic) => {}
        (Type::List(a), Type::List(b)) => element(a, b, Type::Number, report),
        (Type::Set(a), Type::Set(b)) => element(a, b, (**b).clone(), report),
        (Type::Map(a), Type::Map(b)) => element(a, b, Type::String, report),
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            for (i, (a, b)) in (0_i64..).zip(a.iter().zip(b.iter())) {
                report.index(Value::number(i), |r| mismatches(a, b, r));
            }
        }
        (Type::Tuple(a), Type::Tuple(b)) => {
            report.add(format!(
                "{} elements are required, not {}",
                b.len(),
                a.len()
            ));
        }
        (Type::Object(a), Type::Object(b)) if !Arc::ptr_eq(a, b) => {
            for (name, want) in b.iter() {
                report.attr(name, |r| match a.get(name) {
                    Some(have) => mismatches(have, want, r),
                    None => r.add("the attribute is missing"),
                });
            }
            for (name, _) in a.iter() {
                if b.get(name).is_none() {
                    report.attr(name, |r| r.add("there is no such attribute"));
                }
            }
        }
        _ if ty == constraint => {}
        _ => report.add(format!("{constraint} is required, not {ty}")),
    }
}

fn element(have: &Arc<Type>, want: &Arc<Type>, key: Type, report: &mut Report) {
    if !Arc::ptr_eq(have, want) {
        report.index(Value::unknown(key), |r| mismatches(have, want, r));
    }
}
