//! Why there is no conversion between two types, as users read it.

use super::exists;
use crate::{ObjectType, Type};
use std::fmt::Write;

/// What a value of type `have` lacks to be one of type `want`. Makes sense only if there is no
/// conversion.
pub fn mismatch_message(have: &Type, want: &Type) -> String {
    let required = || format!("{} required", want.friendly_name_for_constraint());
    match (have, want) {
        (Type::Object(have), Type::Object(want)) => objects(have, want),
        (Type::Tuple(_), Type::List(t)) if **t == Type::Dynamic => {
            "all list elements must have the same type".to_owned()
        }
        (Type::Tuple(_), Type::Set(t)) if **t == Type::Dynamic => {
            "all set elements must have the same type".to_owned()
        }
        (Type::Object(_), Type::Map(t)) if **t == Type::Dynamic => {
            "all map elements must have the same type".to_owned()
        }
        (Type::Tuple(elements), Type::List(want) | Type::Set(want)) => {
            let bad = elements
                .iter()
                .enumerate()
                .find(|(_, t)| !exists(t, want, true));
            match bad {
                Some((i, have)) => format!("element {i}: {}", mismatch_message(have, want)),
                None => format!(
                    "all elements must be {}",
                    want.friendly_name_for_constraint()
                ),
            }
        }
        (Type::Object(attrs), Type::Map(want)) => {
            let bad = attrs.iter().find(|(_, t)| !exists(t, want, true));
            match bad {
                Some((name, have)) => format!("element {name:?}: {}", mismatch_message(have, want)),
                None => format!(
                    "all elements must be {}",
                    want.friendly_name_for_constraint()
                ),
            }
        }
        (Type::List(have) | Type::Set(have), Type::List(inner)) => {
            format!(
                "incorrect list element type: {}",
                mismatch_message(have, inner)
            )
        }
        (Type::List(have) | Type::Set(have), Type::Set(inner)) => {
            format!(
                "incorrect set element type: {}",
                mismatch_message(have, inner)
            )
        }
        (Type::Map(have), Type::Map(inner)) => {
            format!(
                "incorrect map element type: {}",
                mismatch_message(have, inner)
            )
        }
        _ => required(),
    }
}

/// Missing attributes first; else the first attribute that cannot be converted at all, else the first
/// that cannot be converted safely.
fn objects(have: &ObjectType, want: &ObjectType) -> String {
    let absent: Vec<_> = want
        .iter()
        .map(|(name, _)| name)
        .filter(|name| have.get(name).is_none() && !want.is_optional(name))
        .collect();
    match absent.as_slice() {
        [] => {}
        [name] => return format!("attribute {name:?} is required"),
        [a, b] => return format!("attributes {a:?} and {b:?} are required"),
        [rest @ .., last] => {
            let mut names = String::new();
            for name in rest {
                let _ = write!(names, "{name:?}, ");
            }
            return format!("attributes {names}and {last:?} are required");
        }
    }
    for risky in [true, false] {
        for (name, want) in want.iter() {
            if let Some(have) = have.get(name)
                && !exists(have, want, risky)
            {
                return format!("attribute {name:?}: {}", mismatch_message(have, want));
            }
        }
    }
    "incorrect object attributes".to_owned()
}
