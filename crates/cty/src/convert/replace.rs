//! The types and refinements of nulls and unknowns that are converted.

use crate::unify::unify_with;
use crate::{Refinement, Type, Value};

/// The wanted type with the parts of the value's type where it says `dynamic`. Assumes that there is
/// a conversion.
pub(super) fn replace_dynamic(have: &Type, want: &Type) -> Type {
    if *have == Type::Dynamic || !want.has_dynamic() {
        return want.clone();
    }
    let common = |types: &[Type], want: &Type| match unify_with(types, true) {
        Some(have) => replace_dynamic(&have, want),
        None => want.clone(),
    };
    match (have, want) {
        (_, Type::Dynamic) => have.clone(),
        (Type::Map(a), Type::Map(b)) => Type::map(replace_dynamic(a, b)),
        (Type::Object(a), Type::Map(b)) => {
            let types: Vec<Type> = a.iter().map(|(_, t)| t.clone()).collect();
            Type::map(common(&types, b))
        }
        (Type::Map(a), Type::Object(b)) => {
            Type::object(b.iter().map(|(n, t)| (n.clone(), replace_dynamic(a, t))))
        }
        (Type::Object(a), Type::Object(b)) => Type::object(b.iter().map(|(n, t)| {
            let ty = a
                .get(n)
                .map_or_else(|| t.clone(), |have| replace_dynamic(have, t));
            (n.clone(), ty)
        })),
        (Type::List(a) | Type::Set(a), Type::Set(b)) => Type::set(replace_dynamic(a, b)),
        (Type::List(a) | Type::Set(a), Type::List(b)) => Type::list(replace_dynamic(a, b)),
        (Type::Tuple(a), Type::Set(b)) => Type::set(common(a, b)),
        (Type::Tuple(a), Type::List(b)) => Type::list(common(a, b)),
        (Type::Tuple(a), Type::Tuple(b)) => {
            Type::tuple(a.iter().zip(b.iter()).map(|(a, b)| replace_dynamic(a, b)))
        }
        _ => want.clone(),
    }
}

/// An unknown of the type with what is known about the value that it is converted from.
pub(super) fn unknown(value: &Value, ty: Type) -> Value {
    let source = value.refinement().cloned().unwrap_or_default();
    let mut result = Refinement {
        not_null: source.not_null,
        ..Refinement::default()
    };
    let exactly = |len: usize| (len as u64, Some(len as u64));
    (result.min_len, result.max_len) = match (value.ty(), &ty) {
        (Type::Object(attrs), Type::Map(_)) => exactly(attrs.len()),
        (Type::Tuple(elements), Type::List(_)) => exactly(elements.len()),
        // Elements can turn out to be equal, but not to vanish.
        (Type::Tuple(elements), Type::Set(_)) => {
            (elements.len().min(1) as u64, Some(elements.len() as u64))
        }
        (Type::List(_) | Type::Set(_) | Type::Map(_), Type::Set(_)) => {
            (source.min_len.min(1), source.max_len)
        }
        (Type::List(_) | Type::Set(_) | Type::Map(_), Type::List(_) | Type::Map(_)) => {
            (source.min_len, source.max_len)
        }
        _ => (0, None),
    };
    Value::unknown_refined(ty, result)
}
