//! What a provider is asked for: the configuration, completed with what the provider decided before.

use super::correlate::could_have_come_from;
use super::empty::empty_value;
use super::parts::{Shape, attr, counterpart, map_parts, rebuild};
use cty::{Type, Value};
use schema::{Attribute, AttributeType, Block, NestedAttribute, NestedBlock, Nesting};

/// The proposed new object: what the configuration says, and where it says nothing about a computed
/// attribute, what the prior object has. Null if both are null.
pub fn proposed_new(block: &Block, prior: &Value, config: &Value) -> Value {
    if prior.is_null() && config.is_null() {
        prior.clone()
    } else if prior.is_null() {
        block_of(block, &empty_value(block), config)
    } else {
        block_of(block, prior, config)
    }
}

/// The object that a data source will have once it can be read: what the configuration says, and
/// everything that the provider decides unknown. Ephemeral resources that cannot be opened yet are
/// the same.
pub fn planned_data_object(block: &Block, config: &Value) -> Value {
    block_of(block, &Value::unknown(block.implied_type()), config)
}

fn block_of(block: &Block, prior: &Value, config: &Value) -> Value {
    if config.is_null() || !config.is_known() {
        return prior.clone();
    }
    map_parts(config, |(_, name, config)| {
        let name = name.as_str().map_or("", |n| n);
        let prior = attr(prior, name);
        if let Some(attribute) = block.attributes.get(name) {
            attribute_of(attribute, &prior, config)
        } else if let Some(nested) = block.block_types.get(name) {
            blocks_of(nested, &prior, config)
        } else {
            config.clone()
        }
    })
}

fn attribute_of(attribute: &Attribute, prior: &Value, config: &Value) -> Value {
    if attribute.computed && config.is_null() {
        return if was_configured(attribute, prior) {
            config
        } else {
            prior
        }
        .clone();
    }
    match &attribute.ty {
        AttributeType::Nested(nested) => nested_of(nested, prior, config),
        AttributeType::Plain(_) => config.clone(),
    }
}

fn nested_of(nested: &NestedAttribute, prior: &Value, config: &Value) -> Value {
    let merge = |prior: &Value, config: &Value| members_of(nested, prior, config);
    match nested.nesting {
        Nesting::Single | Nesting::Group => merge(prior, config),
        Nesting::List | Nesting::Map => by_key(prior, config, &merge),
        Nesting::Set => by_likeness(Shape::Nested(nested), prior, config, &merge),
    }
}

/// One object of a nested attribute.
fn members_of(nested: &NestedAttribute, prior: &Value, config: &Value) -> Value {
    if config.is_null() || !config.is_known() {
        return config.clone();
    }
    map_parts(config, |(_, name, config)| {
        let name = name.as_str().map_or("", |n| n);
        match nested.attributes.get(name) {
            Some(attribute) => attribute_of(attribute, &attr(prior, name), config),
            None => config.clone(),
        }
    })
}

fn blocks_of(nested: &NestedBlock, prior: &Value, config: &Value) -> Value {
    if !config.is_known() {
        return config.clone();
    }
    let block = &nested.block;
    let merge = |prior: &Value, config: &Value| proposed_new(block, prior, config);
    match nested.nesting {
        Nesting::Single if config.is_null() => config.clone(),
        Nesting::Single | Nesting::Group => merge(prior, config),
        Nesting::List | Nesting::Map => by_key(prior, config, &merge),
        Nesting::Set => by_likeness(Shape::Block(block), prior, config, &merge),
    }
}

type Merge<'a> = &'a dyn Fn(&Value, &Value) -> Value;

/// Elements with the same index or key belong together; one that the prior value does not have is
/// taken as configured.
fn by_key(prior: &Value, config: &Value, merge: Merge<'_>) -> Value {
    if config.is_null() || config.len().unwrap_or(0) == 0 {
        return config.clone();
    }
    map_parts(config, |(i, key, config)| {
        if !prior.is_known() {
            return merge(&Value::unknown(config.ty().clone()), config);
        }
        match counterpart(prior, i, &key) {
            Some(prior) => merge(prior, config),
            None => config.clone(),
        }
    })
}

/// Each configured element belongs to the first prior element, not taken yet, that it could have
/// become.
fn by_likeness(shape: Shape<'_>, prior: &Value, config: &Value, merge: Merge<'_>) -> Value {
    let Some(configured) = config.as_slice().filter(|c| !c.is_empty()) else {
        return config.clone();
    };
    let priors = match prior.ty() {
        Type::Set(_) => prior.as_slice().unwrap_or_default(),
        _ => &[],
    };
    let mut taken = vec![false; priors.len()];
    // Everything before is taken: mostly elements match in their order.
    let mut first_free = 0;
    let parts = configured.iter().map(|config| {
        let found = (first_free..priors.len())
            .find(|i| !taken[*i] && could_have_come_from(shape, &priors[*i], config));
        if let Some(i) = found {
            taken[i] = true;
            while taken.get(first_free) == Some(&true) {
                first_free += 1;
            }
            return merge(&priors[i], config);
        }
        let ty = config.ty().clone();
        if prior.is_known() {
            merge(&Value::null(ty), config)
        } else {
            merge(&Value::unknown(ty), config)
        }
    });
    let parts = parts.collect();
    rebuild(config, parts)
}

/// Whether a prior value holds something that only a configuration can have put there, so that it
/// must go when the configuration no longer has it.
fn was_configured(attribute: &Attribute, prior: &Value) -> bool {
    match &attribute.ty {
        AttributeType::Nested(nested) if attribute.optional => holds_configured(nested, prior),
        _ => false,
    }
}

fn holds_configured(nested: &NestedAttribute, value: &Value) -> bool {
    let object = |object: &Value| {
        nested.attributes.iter().any(|(name, attribute)| {
            object.get(name).is_some_and(|value| {
                !value.is_null()
                    && (!attribute.computed
                        || matches!(&attribute.ty, AttributeType::Nested(n) if holds_configured(n, value)))
            })
        })
    };
    match nested.nesting {
        Nesting::Single | Nesting::Group => object(value),
        _ => value.elements().any(|(_, element)| object(element)),
    }
}
