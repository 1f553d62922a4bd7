//! Which element of a set was made from which configured one.

use super::parts::{Member, Shape, counterpart};
use cty::{Type, Value};
use schema::{AttributeType, Nesting};

/// Whether the prior element could be what a provider made of the configured one: they differ only
/// in computed attributes that are not configured.
pub(super) fn could_have_come_from(shape: Shape<'_>, prior: &Value, config: &Value) -> bool {
    prior.raw_equals(config) || object_fits(shape, prior, config)
}

fn object_fits(shape: Shape<'_>, prior: &Value, config: &Value) -> bool {
    let Some(ty) = prior.ty().as_object() else {
        return true;
    };
    let Some(values) = prior.as_slice() else {
        // Nothing inside.
        return true;
    };
    ty.iter().zip(values).all(|((name, _), prior)| {
        let Some(config) = config.get(name) else {
            return false;
        };
        if prior.raw_equals(config) {
            return true;
        }
        if matches!(config.ty(), Type::Set(_)) {
            return false;
        }
        match shape.member(name) {
            None => true,
            Some(Member::Block(nested)) => {
                container_fits(nested.nesting, Shape::Block(&nested.block), prior, config)
            }
            Some(Member::Attribute(attribute)) => match &attribute.ty {
                AttributeType::Nested(nested) => {
                    container_fits(nested.nesting, Shape::Nested(nested), prior, config)
                }
                AttributeType::Plain(_) => attribute.computed && config.is_null(),
            },
        }
    })
}

fn container_fits(nesting: Nesting, shape: Shape<'_>, prior: &Value, config: &Value) -> bool {
    match nesting {
        Nesting::Single | Nesting::Group => object_fits(shape, prior, config),
        _ => prior.elements().enumerate().all(|(i, (key, prior))| {
            counterpart(config, i, &key)
                .is_some_and(|config| prior.raw_equals(config) || object_fits(shape, prior, config))
        }),
    }
}
