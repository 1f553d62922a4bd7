//! What a block is without anything written in it.

use cty::{Type, Value};
use schema::{Block, NestedBlock, Nesting};
use std::sync::Arc;

/// The value of a block in which nothing is written: attributes null, no nested blocks.
pub fn empty_value(block: &Block) -> Value {
    let ty = block.implied_type();
    let Type::Object(object) = &ty else {
        return Value::null(ty);
    };
    let parts = object.iter().map(|(name, ty)| {
        let nested = block.block_types.get(name);
        nested.map_or_else(|| Value::null(ty.clone()), |nested| absent(nested, ty))
    });
    let parts = parts.collect();
    Value::object_of(ty, parts)
}

/// The value of a nested block type of which no block is written.
pub(super) fn absent(nested: &NestedBlock, ty: &Type) -> Value {
    let none = || [] as [(Arc<str>, Value); 0];
    match (nested.nesting, ty) {
        (Nesting::Single, _) => Value::null(ty.clone()),
        (Nesting::Group, _) => empty_value(&nested.block),
        (_, Type::List(_)) => Value::list_of(ty.clone(), Vec::new()),
        (_, Type::Set(_)) => Value::set_of(ty.clone(), Vec::new()),
        (_, Type::Map(_)) => Value::map_of(ty.clone(), none()),
        (Nesting::Map, _) => Value::object(none()),
        _ => Value::tuple(Vec::new()),
    }
}
