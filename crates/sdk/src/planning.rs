//! What an object will be: the planned state, from the configuration and the object as it is.
//!
//! The host proposes a state in which the configuration's values stand beside the prior values of computed attributes. Here the
//! provider's part is added: defaults, values that mean the same, zero values, and what is known after apply.

use crate::spec::zero_value;
use crate::{AttrSpec, BlockSpec, Spec};
use cty::{Type, Value};
use schema::Nesting;
use std::sync::Arc;

/// The planned value of a block. `prior` is the block as it is, if there is one.
pub(crate) fn draft(spec: &Spec, ty: &Type, config: &Value, prior: Option<&Value>) -> Value {
    let Some(object) = ty.as_object() else {
        return config.clone();
    };
    let values = object.iter().map(|(name, ty)| {
        let config = config.get(name).cloned();
        let config = config.unwrap_or_else(|| Value::null(ty.clone()));
        let prior = prior.and_then(|prior| prior.get(name));
        if let Some(spec) = spec.attributes.get(name) {
            draft_attribute(spec, ty, config, prior)
        } else if let Some(spec) = spec.blocks.get(name) {
            draft_blocks(spec, ty, config, prior)
        } else {
            config
        }
    });
    Value::object_of(ty.clone(), values.collect())
}

fn draft_attribute(spec: &AttrSpec, ty: &Type, config: Value, prior: Option<&Value>) -> Value {
    if spec.write_only {
        return Value::null(ty.clone());
    }
    if !config.is_null() {
        return match prior {
            Some(prior) if spec.is_same(prior, &config) => prior.clone(),
            _ => config,
        };
    }
    if let Some(default) = &spec.default {
        return match prior {
            Some(prior) if spec.is_same(prior, default) => prior.clone(),
            _ => default.clone(),
        };
    }
    match prior {
        Some(prior) if spec.computed => prior.clone(),
        Some(prior) if (spec.zero || spec.zero_read) && prior.raw_equals(&zero_value(ty)) => {
            prior.clone()
        }
        None if spec.computed && !spec.unbuilt => Value::unknown(ty.clone()),
        _ => Value::null(ty.clone()),
    }
}

fn draft_blocks(spec: &BlockSpec, ty: &Type, config: Value, prior: Option<&Value>) -> Value {
    if !config.is_known() {
        return config;
    }
    if spec.nesting == Nesting::Single {
        let known = prior.filter(|prior| !prior.is_null());
        return match config.is_null() {
            true => config,
            false => draft(&spec.spec, ty, &config, known),
        };
    }
    let elements = config.as_slice().unwrap_or_default();
    if elements.is_empty() && spec.computed {
        return match prior {
            Some(prior) => prior.clone(),
            None => Value::unknown(ty.clone()),
        };
    }
    let Some(element) = ty.element_type() else {
        return config;
    };
    let before = prior.and_then(Value::as_slice).unwrap_or_default();
    match spec.nesting {
        Nesting::List => {
            let values = elements.iter().enumerate();
            let values = values.map(|(i, c)| draft(&spec.spec, element, c, before.get(i)));
            Value::list_of(ty.clone(), values.collect())
        }
        Nesting::Set => Value::set_of(ty.clone(), draft_set(spec, element, elements, before)),
        _ => config,
    }
}

/// Each configured element takes the first element from before that it would leave as it is.
fn draft_set(spec: &BlockSpec, ty: &Type, config: &[Value], before: &[Value]) -> Vec<Value> {
    let mut unused: Vec<&Value> = before.iter().collect();
    let one = |config: &Value| {
        let same = |prior: &&Value| draft(&spec.spec, ty, config, Some(prior)).raw_equals(prior);
        match unused.iter().position(same) {
            Some(at) => unused.swap_remove(at).clone(),
            None => draft(&spec.spec, ty, config, None),
        }
    };
    config.iter().map(one).collect()
}

/// Makes unknown what changes whenever anything does, unless the configuration decides it.
pub(crate) fn renew(spec: &Spec, config: &Value, planned: Value) -> Value {
    let Some(object) = planned.ty().as_object().cloned() else {
        return planned;
    };
    let renewed = |name: &str| {
        let spec = spec.attributes.get(name);
        spec.is_some_and(|s| s.unknown_on_update) && config.get(name).is_none_or(Value::is_null)
    };
    if !object.iter().any(|(name, _)| renewed(name)) {
        return planned;
    }
    let values = object.iter().map(|(name, ty)| match planned.get(name) {
        Some(_) if renewed(name) => Value::unknown(ty.clone()),
        Some(value) => value.clone(),
        None => Value::null(ty.clone()),
    });
    Value::object_of(planned.ty().clone(), values.collect())
}

/// Puts what a model holds into a value of the whole block: what the model has not keeps the value of `base`.
pub(crate) fn overlay(ty: &Type, model: &Value, base: Option<&Value>) -> Value {
    match ty {
        Type::Object(object) if !model.is_null() && model.is_known() => {
            if model.ty().as_object().is_none() {
                return model.clone();
            }
            let values = object.iter().map(|(name, ty)| {
                let base = base.and_then(|base| base.get(name));
                match (model.get(name), base) {
                    (Some(value), base) => overlay(ty, value, base),
                    (None, Some(base)) => base.clone(),
                    (None, None) => nothing(ty),
                }
            });
            Value::object_of(ty.clone(), values.collect())
        }
        Type::List(element)
            if element.as_object().is_some() && model.is_known() && !model.is_null() =>
        {
            let before = base.and_then(Value::as_slice).unwrap_or_default();
            let values = model.as_slice().unwrap_or_default().iter().enumerate();
            let values = values.map(|(i, value)| overlay(element, value, before.get(i)));
            Value::list_of(ty.clone(), values.collect())
        }
        Type::Set(element)
            if element.as_object().is_some() && model.is_known() && !model.is_null() =>
        {
            let values = model.as_slice().unwrap_or_default().iter();
            let values = values.map(|value| overlay(element, value, None));
            Value::set_of(ty.clone(), values.collect())
        }
        _ if model.ty() == ty => model.clone(),
        _ if model.is_null() => Value::null(ty.clone()),
        _ if !model.is_known() => Value::unknown(ty.clone()),
        _ => model.clone(),
    }
}

/// Null, or no blocks.
fn nothing(ty: &Type) -> Value {
    match ty {
        Type::List(element) | Type::Set(element) if element.as_object().is_some() => zero_value(ty),
        _ => Value::null(ty.clone()),
    }
}

/// Keeps of `before` what a change of a model left alone: what it changed is what differs between the two encodings.
pub(crate) fn changed(ty: &Type, before: &Value, was: &Value, is: &Value) -> Value {
    let Some(object) = ty.as_object() else {
        return before.clone();
    };
    let values = object.iter().map(|(name, ty)| {
        let kept = before.get(name).cloned();
        let kept = kept.unwrap_or_else(|| Value::null(ty.clone()));
        match (was.get(name), is.get(name)) {
            (Some(was), Some(is)) if !was.raw_equals(is) => overlay(ty, is, Some(&kept)),
            _ => kept,
        }
    });
    Value::object_of(ty.clone(), values.collect())
}

/// What is stored: nothing is unknown, and unset attributes have their zero values where that is the habit.
pub(crate) fn settled(spec: &Spec, value: Value) -> Value {
    let Some(object) = value.ty().as_object().cloned() else {
        return value;
    };
    if value.is_null() || !value.is_known() {
        return value;
    }
    let values = object.iter().map(|(name, ty)| {
        let value = value.get(name).cloned();
        let value = value.unwrap_or_else(|| Value::null(ty.clone()));
        if let Some(spec) = spec.attributes.get(name) {
            settled_attribute(spec, ty, value)
        } else if let Some(blocks) = spec.blocks.get(name) {
            settled_blocks(blocks, ty, value)
        } else {
            value
        }
    });
    Value::object_of(value.ty().clone(), values.collect())
}

fn settled_attribute(spec: &AttrSpec, ty: &Type, value: Value) -> Value {
    if spec.write_only {
        return Value::null(ty.clone());
    }
    let value = if value.is_wholly_known() {
        value
    } else {
        Value::null(ty.clone())
    };
    if spec.unbuilt && value.as_slice().is_some_and(<[Value]>::is_empty) {
        // By its type alone it looks like nested blocks.
        Value::null(ty.clone())
    } else if value.is_null() && spec.zero {
        zero_value(ty)
    } else {
        value
    }
}

fn settled_blocks(spec: &BlockSpec, ty: &Type, value: Value) -> Value {
    if !value.is_known() {
        return nothing(ty);
    }
    match (ty, value.as_slice()) {
        (Type::Object(_), _) => settled(&spec.spec, value),
        (Type::List(_), Some(elements)) => {
            let elements = elements.iter().cloned();
            Value::list_of(
                ty.clone(),
                elements.map(|e| settled(&spec.spec, e)).collect(),
            )
        }
        (Type::Set(_), Some(elements)) => {
            let elements = elements.iter().cloned();
            Value::set_of(
                ty.clone(),
                elements.map(|e| settled(&spec.spec, e)).collect(),
            )
        }
        _ => value,
    }
}

/// A value of a stored object, brought to the type: what the type does not have is dropped, what is missing is null.
pub(crate) fn conform(json: serde_json::Value, ty: &Type) -> serde_json::Value {
    use serde_json::Value as Json;
    match (json, ty) {
        (Json::Object(mut map), Type::Object(object)) => {
            let attributes = object.iter().map(|(name, ty)| {
                let value = map.remove(&**name).map(|value| conform(value, ty));
                (name.to_string(), value.unwrap_or_else(|| missing(ty)))
            });
            Json::Object(attributes.collect())
        }
        (Json::Array(values), Type::List(element) | Type::Set(element)) => {
            Json::Array(values.into_iter().map(|v| conform(v, element)).collect())
        }
        (Json::Object(map), Type::Map(element)) => {
            let entries = map.into_iter();
            Json::Object(entries.map(|(k, v)| (k, conform(v, element))).collect())
        }
        (json, _) => json,
    }
}

fn missing(ty: &Type) -> serde_json::Value {
    match ty {
        Type::List(element) | Type::Set(element) if element.as_object().is_some() => {
            serde_json::Value::Array(Vec::new())
        }
        _ => serde_json::Value::Null,
    }
}

/// The value of an object with one attribute set; as it is where there is no such attribute.
pub fn with(value: &Value, name: &str, new: Value) -> Value {
    let Some(object) = value.ty().as_object() else {
        return value.clone();
    };
    let part = |(other, ty): (&Arc<str>, &Type)| {
        if &**other == name {
            new.clone()
        } else {
            let part = value.get(other).cloned();
            part.unwrap_or_else(|| Value::null(ty.clone()))
        }
    };
    Value::object_of(value.ty().clone(), object.iter().map(part).collect())
}
