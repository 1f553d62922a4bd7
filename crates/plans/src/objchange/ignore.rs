//! `ignore_changes`.

use super::parts::map_parts;
use configs::IgnoreChanges;
use cty::{Path, Step, Type, Value};
use schema::{Attribute, AttributeType, Block, NestedAttribute, Nesting};
use std::sync::Arc;

/// The configuration with what `ignore_changes` names as it was in the prior object.
///
/// Of `all`, attributes that a configuration cannot set are null; without a block (what a provider with
/// the old type system planned) everything is as it was.
pub fn apply_ignore_changes(
    config: &Value,
    prior: &Value,
    ignore: &IgnoreChanges,
    block: Option<&Block>,
) -> Value {
    if prior.is_null() {
        return config.clone();
    }
    match ignore {
        IgnoreChanges::None => config.clone(),
        IgnoreChanges::All => {
            block.map_or_else(|| prior.clone(), |block| block_settable(block, prior))
        }
        IgnoreChanges::Paths(_) if config.is_null() => config.clone(),
        IgnoreChanges::Paths(paths) => {
            // Inner paths first: an outer one then takes everything.
            let mut paths: Vec<&Path> = paths.iter().map(|(path, _)| path).collect();
            paths.sort_by_key(|p| std::cmp::Reverse(p.steps().len()));
            paths
                .into_iter()
                .fold(config.clone(), |config, path| keep(config, prior, path))
        }
    }
}

/// The value with the part at the path as it is in `prior`.
fn keep(value: Value, prior: &Value, path: &Path) -> Value {
    let mut steps = path.steps();
    let mut key = None;
    if let Some((Step::Index(last), before)) = steps.split_last()
        && let Some(text) = last.as_str()
    {
        key = Some(text);
        steps = before;
    }
    let place = Path(steps.to_vec());
    let (Ok(prior), Ok(now)) = (prior.at_path(&place), value.at_path(&place)) else {
        return value;
    };
    if prior.raw_equals(&now) {
        return value;
    }
    let kept = match (key, now.ty()) {
        (Some(key), Type::Map(element)) => keep_key(&now, &prior, key, element),
        _ => prior,
    };
    put(&value, steps, &kept)
}

/// The map with the value of one key as it is in `prior`.
fn keep_key(map: &Value, prior: &Value, key: &Arc<str>, element: &Type) -> Value {
    if !map.is_known() {
        return map.clone();
    }
    let mut entries = map.as_map().unwrap_or_default().to_vec();
    entries.retain(|(k, _)| k != key);
    if let Some(value) = prior.get(key) {
        entries.push((key.clone(), value.clone()));
    } else if map.is_null() {
        return map.clone();
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Value::uniform_map(element, entries)
        .unwrap_or_else(|| map.clone())
        .with_marks(map.marks())
}

/// The value with another one in the place that the steps lead to.
fn put(value: &Value, steps: &[Step], new: &Value) -> Value {
    let Some((step, rest)) = steps.split_first() else {
        return new.clone();
    };
    if value.len().is_none() {
        return value.clone();
    }
    map_parts(value, |(_, key, part)| {
        let here = match step {
            Step::Attr(name) => key.as_str() == Some(name),
            Step::Index(index) => key.raw_equals(index),
        };
        if here {
            put(part, rest, new)
        } else {
            part.clone()
        }
    })
}

/// The object without what a configuration cannot set.
fn block_settable(block: &Block, value: &Value) -> Value {
    if value.len().is_none() {
        return value.clone();
    }
    map_parts(value, |(_, name, value)| {
        let name = name.as_str().map_or("", |n| n);
        if let Some(attribute) = block.attributes.get(name) {
            return attribute_settable(attribute, value);
        }
        match block.block_types.get(name) {
            None => value.clone(),
            Some(nested) => match nested.nesting {
                Nesting::Single | Nesting::Group => block_settable(&nested.block, value),
                _ => each(value, &|v| block_settable(&nested.block, v)),
            },
        }
    })
}

fn attribute_settable(attribute: &Attribute, value: &Value) -> Value {
    if attribute.computed && !attribute.optional {
        return Value::null(value.ty().clone());
    }
    match &attribute.ty {
        AttributeType::Plain(_) => value.clone(),
        AttributeType::Nested(nested) => match nested.nesting {
            Nesting::Single | Nesting::Group => nested_settable(nested, value),
            _ => each(value, &|v| nested_settable(nested, v)),
        },
    }
}

fn nested_settable(nested: &NestedAttribute, value: &Value) -> Value {
    if value.len().is_none() {
        return value.clone();
    }
    map_parts(value, |(_, name, value)| {
        match name.as_str().and_then(|n| nested.attributes.get(&**n)) {
            Some(attribute) => attribute_settable(attribute, value),
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
