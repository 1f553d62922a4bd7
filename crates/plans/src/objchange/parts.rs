//! Parts of values, whether these are known or not, and values from parts.

use cty::{Type, Value};
use schema::{Attribute, Block, NestedAttribute, NestedBlock};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an object consists of: the attributes of a block or of a nested attribute, and blocks.
#[derive(Clone, Copy)]
pub(super) enum Shape<'a> {
    Block(&'a Block),
    Nested(&'a NestedAttribute),
}

/// A part of an object.
pub(super) enum Member<'a> {
    Attribute(&'a Attribute),
    Block(&'a NestedBlock),
}

impl<'a> Shape<'a> {
    pub(super) const fn attributes(self) -> &'a BTreeMap<Arc<str>, Attribute> {
        match self {
            Self::Block(block) => &block.attributes,
            Self::Nested(nested) => &nested.attributes,
        }
    }

    pub(super) fn member(self, name: &str) -> Option<Member<'a>> {
        let attribute = self.attributes().get(name).map(Member::Attribute);
        attribute.or_else(|| match self {
            Self::Block(block) => block.block_types.get(name).map(Member::Block),
            Self::Nested(_) => None,
        })
    }
}

/// The attribute of an object: null of a null object, unknown of an unknown one.
pub(super) fn attr(object: &Value, name: &str) -> Value {
    if let Some(value) = object.get(name) {
        return value.clone();
    }
    let ty = object.ty().as_object().and_then(|o| o.get(name));
    let ty = ty.cloned().unwrap_or(Type::Dynamic);
    if object.is_known() {
        Value::null(ty)
    } else {
        Value::unknown(ty)
    }
}

/// The names of an object's attributes.
pub(super) fn names(object: &Value) -> impl Iterator<Item = &Arc<str>> {
    let ty = object.ty().as_object();
    ty.into_iter().flat_map(|o| o.iter().map(|(name, _)| name))
}

/// What stands in `other` where `value` has its part number `i` with this key. Lists and tuples, and
/// maps and objects, stand for each other.
pub(super) fn counterpart<'a>(other: &'a Value, i: usize, key: &Value) -> Option<&'a Value> {
    match (key.as_str(), other.ty()) {
        (Some(key), Type::Map(_) | Type::Object(_)) => other.get(key),
        (None, Type::List(_) | Type::Tuple(_)) => other.as_slice()?.get(i),
        _ => None,
    }
}

/// The value with other parts. A list or set whose parts have come to differ in type becomes a tuple,
/// a map an object.
pub(super) fn rebuild(value: &Value, parts: Vec<Value>) -> Value {
    let element = value.ty().element_type();
    let rebuilt = match (value.ty(), element) {
        (Type::Object(_), _) => Value::object_of(value.ty().clone(), parts),
        (Type::List(_), Some(ty)) if parts.iter().all(|p| p.ty() == ty) => {
            Value::list_of(value.ty().clone(), parts)
        }
        (Type::Set(_), Some(ty)) if parts.iter().all(|p| p.ty() == ty) => {
            Value::set_of(value.ty().clone(), parts)
        }
        (Type::List(_), Some(ty)) => {
            Value::uniform_list(ty, parts.clone()).unwrap_or_else(|| Value::tuple(parts))
        }
        (Type::Set(_), Some(ty)) => {
            Value::uniform_set(ty, parts.clone()).unwrap_or_else(|| Value::tuple(parts))
        }
        (Type::Map(_), Some(ty)) => {
            let keys = value.as_map().unwrap_or_default().iter().map(|e| &e.0);
            let entries: Vec<_> = keys.cloned().zip(parts).collect();
            if entries.iter().all(|(_, v)| v.ty() == ty) {
                Value::map_of(value.ty().clone(), entries)
            } else {
                Value::uniform_map(ty, entries.clone()).unwrap_or_else(|| Value::object(entries))
            }
        }
        _ => Value::tuple(parts),
    };
    rebuilt.with_marks(value.marks())
}

/// The known value with each of its parts changed; see [`rebuild`].
pub(super) fn map_parts(
    value: &Value,
    change: impl FnMut((usize, Value, &Value)) -> Value,
) -> Value {
    let parts = value.elements().enumerate().map(|(i, (k, v))| (i, k, v));
    let parts = parts.map(change).collect();
    rebuild(value, parts)
}
