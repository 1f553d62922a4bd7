//! Set algebra.

use crate::define::{Answer, bad, failed, function, param, unknown};
use crate::values::{convert, unify};
use cty::{Type, Value};
use hcl::{ArgumentError, Function};

pub(super) fn functions() -> Vec<(&'static str, Function)> {
    vec![
        ("setintersection", many(|a, b, ty| keep(a, b, ty, true))),
        ("setsubtract", {
            let sets = [param("a", any_set()), param("b", any_set())];
            function(sets)
                .returns_by(result_type)
                .call(|args| apply(args, |a, b, ty| keep(a, b, ty, false)))
        }),
        ("setunion", many(union)),
    ]
}

/// How two sets of the same type become one.
type Operation = fn(&Value, &Value, &Type) -> Value;

fn any_set() -> Type {
    Type::set(Type::Dynamic)
}

fn many(operation: Operation) -> Function {
    function([param("first_set", any_set())])
        .variadic(param("other_sets", any_set()))
        .returns_by(result_type)
        .call(move |args| apply(args, operation))
}

fn result_type(args: &[Value]) -> Result<Type, ArgumentError> {
    let elements: Vec<Type> = args
        .iter()
        .filter_map(|v| v.ty().element_type())
        .filter(|t| **t != Type::Dynamic)
        .cloned()
        .collect();
    if elements.is_empty() {
        return Ok(any_set());
    }
    unify(&elements).map(Type::set).ok_or_else(|| {
        failed("the elements of all sets must be of types that have one type in common")
    })
}

fn apply(args: &[Value], operation: Operation) -> Answer {
    let ty = result_type(args)?;
    let mut result: Option<Value> = None;
    for (i, set) in args.iter().enumerate() {
        let set = convert(set, &ty).map_err(|e| bad(i, e))?;
        result = Some(match result {
            // With one set an operation is the same as with itself.
            None if args.len() == 1 => operation(&set, &set, &ty),
            None => set,
            Some(before) => operation(&before, &set, &ty),
        });
    }
    result.ok_or_else(|| failed("at least one set is needed"))
}

fn union(a: &Value, b: &Value, ty: &Type) -> Value {
    match (a.as_slice(), b.as_slice()) {
        (Some(a), Some(b)) => Value::set_of(ty.clone(), a.iter().chain(b).cloned().collect()),
        _ => unknown(ty.clone()),
    }
}

/// The elements of `a` that are in `b`, or that are not.
fn keep(a: &Value, b: &Value, ty: &Type, in_b: bool) -> Value {
    match (a.as_slice(), b.as_slice()) {
        (Some(elements), Some(others)) if a.is_wholly_known() && b.is_wholly_known() => {
            let kept = crate::values::membership(others);
            Value::set_of(
                ty.clone(),
                elements
                    .iter()
                    .filter(|v| kept.contains(v) == in_b)
                    .cloned()
                    .collect(),
            )
        }
        _ => unknown(ty.clone()),
    }
}
