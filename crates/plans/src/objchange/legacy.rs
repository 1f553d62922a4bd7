//! What providers with the old type system answer, in the form the schema asks for.

use super::empty::absent;
use super::parts::{map_parts, rebuild};
use cty::{Type, Value};
use schema::{Block, NestedBlock, Nesting};
use std::sync::Arc;

/// The object with its nested blocks as a configuration would have them: none where they are null, one
/// of which nothing is known where they are unknown.
pub fn normalize_legacy(block: &Block, value: &Value) -> Value {
    if value.as_slice().is_none() || block.block_types.is_empty() {
        return value.clone();
    }
    map_parts(value, |(_, name, value)| {
        match name.as_str().and_then(|n| block.block_types.get(&**n)) {
            Some(nested) => blocks(nested, value),
            None => value.clone(),
        }
    })
}

fn blocks(nested: &NestedBlock, value: &Value) -> Value {
    let ty = nested.implied_type();
    if ty.has_dynamic() {
        return value.clone();
    }
    match nested.nesting {
        Nesting::Map => value.clone(),
        Nesting::Single | Nesting::Group => {
            if !value.is_known() {
                stub(&nested.block)
            } else if value.is_null() {
                absent(nested, &ty)
            } else {
                normalize_legacy(&nested.block, value)
            }
        }
        Nesting::List | Nesting::Set => {
            if !value.is_known() {
                stubs(nested, ty)
            } else if value.is_null() || value.is_empty() {
                absent(nested, &ty)
            } else {
                let parts = value
                    .elements()
                    .map(|(_, v)| normalize_legacy(&nested.block, v));
                rebuild(value, parts.collect())
            }
        }
    }
}

/// A block of which nothing is known.
fn stub(block: &Block) -> Value {
    let ty = block.implied_type();
    let Type::Object(object) = &ty else {
        return Value::unknown(ty);
    };
    let parts = object.iter().map(|(name, ty)| {
        let nested = block.block_types.get(name);
        nested.map_or_else(|| Value::unknown(ty.clone()), |n| stubs(n, ty.clone()))
    });
    let parts = parts.collect();
    Value::object_of(ty, parts)
}

fn stubs(nested: &NestedBlock, ty: Type) -> Value {
    let one = || vec![stub(&nested.block)];
    match (nested.nesting, &ty) {
        (Nesting::Single | Nesting::Group, _) => stub(&nested.block),
        (Nesting::List, Type::List(_)) => Value::list_of(ty, one()),
        (Nesting::Set, Type::Set(_)) => Value::set_of(ty, one()),
        (Nesting::Map, Type::Map(_)) => Value::map_of(ty, [] as [(Arc<str>, Value); 0]),
        _ => Value::unknown(ty),
    }
}
