//! Unknown parts of objects.

use super::parts::map_parts;
use super::report::Violation;
use cty::{Value, transform, walk};
use schema::{Attribute, AttributeType, Block, NestedAttribute, Nesting};
use std::convert::Infallible;

/// Parts that are unknown though everything has to be known.
pub fn unknown_parts(value: &Value) -> Vec<Violation> {
    let mut found = Vec::new();
    let walked: Result<(), Infallible> = walk(value, |path, part| {
        if !part.is_known() {
            found.push(Violation {
                path: path.clone(),
                message: "must be known".to_owned(),
            });
        }
        Ok(!part.is_wholly_known())
    });
    match walked {
        Ok(()) => found,
    }
}

/// The value with null for whatever is unknown.
pub fn unknowns_as_null(value: &Value) -> Value {
    if value.is_wholly_known() {
        return value.clone();
    }
    let changed: Result<Value, Infallible> = transform(value, |_, part| {
        Ok(if part.is_known() {
            part.clone()
        } else {
            Value::null(part.ty().clone()).with_marks(part.marks())
        })
    });
    match changed {
        Ok(value) => value,
    }
}

/// The object with every computed attribute that is null unknown: what a simple provider plans for a new
/// object.
pub fn unknown_computed(block: &Block, value: &Value) -> Value {
    if value.len().is_none() {
        return value.clone();
    }
    map_parts(value, |(_, name, value)| {
        let name = name.as_str().map_or("", |n| n);
        if let Some(attribute) = block.attributes.get(name) {
            return attribute_unknown(attribute, value);
        }
        match block.block_types.get(name) {
            None => value.clone(),
            Some(nested) => match nested.nesting {
                Nesting::Single | Nesting::Group => unknown_computed(&nested.block, value),
                _ => each(value, &|v| unknown_computed(&nested.block, v)),
            },
        }
    })
}

fn attribute_unknown(attribute: &Attribute, value: &Value) -> Value {
    if attribute.computed && value.is_null() {
        return Value::unknown(attribute.implied_type());
    }
    match &attribute.ty {
        AttributeType::Plain(_) => value.clone(),
        AttributeType::Nested(nested) => match nested.nesting {
            Nesting::Single | Nesting::Group => nested_unknown(nested, value),
            _ => each(value, &|v| nested_unknown(nested, v)),
        },
    }
}

fn nested_unknown(nested: &NestedAttribute, value: &Value) -> Value {
    if value.len().is_none() {
        return value.clone();
    }
    map_parts(value, |(_, name, value)| {
        match name.as_str().and_then(|n| nested.attributes.get(&**n)) {
            Some(attribute) => attribute_unknown(attribute, value),
            None => value.clone(),
        }
    })
}

fn each(value: &Value, change: &dyn Fn(&Value) -> Value) -> Value {
    if value.len().unwrap_or(0) == 0 {
        return value.clone();
    }
    map_parts(value, |(_, _, v)| change(v))
}
