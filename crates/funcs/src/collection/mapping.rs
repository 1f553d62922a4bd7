//! Maps and objects as a whole.

use crate::define::{Answer, bad, describe, failed, function, items, param, unknown};
use cty::{Marks, Type, Value};
use hcl::{ArgumentError, Function};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn functions() -> Vec<(&'static str, Function)> {
    vec![
        ("keys", keys()),
        ("merge", merge()),
        ("transpose", transpose()),
        ("values", values()),
        ("zipmap", zipmap()),
    ]
}

fn keys() -> Function {
    fn result_type(args: &[Value]) -> Result<Type, ArgumentError> {
        match args[0].ty() {
            Type::Dynamic => Ok(Type::Dynamic),
            Type::Map(_) => Ok(Type::list(Type::String)),
            Type::Object(ty) => Ok(Type::tuple(ty.iter().map(|_| Type::String))),
            _ => Err(bad(0, "must be a map or an object")),
        }
    }
    function([param("inputMap", Type::Dynamic).unknown().marked()])
        .returns_by(result_type)
        .call(|args| {
            let marks = args[0].marks();
            let keys = match args[0].ty() {
                // The names are known even when the object is not.
                Type::Object(ty) => Value::tuple(
                    ty.iter()
                        .map(|(name, _)| Value::string(name.clone()))
                        .collect(),
                ),
                _ => match args[0].as_map() {
                    Some(map) => Value::list(
                        Type::String,
                        map.iter().map(|(k, _)| Value::string(k.clone())).collect(),
                    ),
                    None => unknown(result_type(args)?),
                },
            };
            Ok(keys.with_marks(marks))
        })
}

fn values() -> Function {
    fn result_type(args: &[Value]) -> Result<Type, ArgumentError> {
        match args[0].ty() {
            Type::Dynamic => Ok(Type::Dynamic),
            Type::Map(element) => Ok(Type::List(element.clone())),
            Type::Object(ty) => Ok(Type::tuple(ty.iter().map(|(_, t)| t.clone()))),
            _ => Err(failed("the argument must be a map or an object")),
        }
    }
    function([param("mapping", Type::Dynamic).marked()])
        .returns_by(result_type)
        .call(|args| {
            let ty = result_type(args)?;
            let values: Vec<Value> = args[0].elements().map(|(_, v)| v.clone()).collect();
            let values = match ty {
                ty @ Type::List(_) => Value::list_of(ty, values),
                _ => Value::tuple(values),
            };
            Ok(values.with_marks(args[0].marks()))
        })
}

fn merge() -> Function {
    function([])
        .variadic(
            param("maps", Type::Dynamic)
                .nullable()
                .unknown()
                .marked()
                .dynamic(),
        )
        .returns_by(merge_type)
        .call(|args| -> Answer {
            let ty = merge_type(args)?;
            let mut merged: BTreeMap<Arc<str>, Value> = BTreeMap::new();
            let mut marks = Marks::NONE;
            let mut known = true;
            for value in args.iter().filter(|v| !v.is_null()) {
                marks |= value.marks();
                known &= value.is_known();
                for (key, element) in value.elements() {
                    if let Some(key) = key.as_str() {
                        merged.insert(key.clone(), element.clone());
                    }
                }
            }
            let merged = match ty {
                ty if !known => unknown(ty),
                ty @ Type::Map(_) => Value::map_of(ty, merged),
                _ => Value::object(merged),
            };
            Ok(merged.with_marks(marks))
        })
}

fn merge_type(args: &[Value]) -> Result<Type, ArgumentError> {
    let Some(first) = args.first() else {
        return Ok(Type::empty_object());
    };
    let mut attributes: BTreeMap<Arc<str>, Type> = BTreeMap::new();
    let mut known = true;
    for value in args {
        match value.ty() {
            Type::Dynamic if value.is_null() => {}
            Type::Dynamic => return Ok(Type::Dynamic),
            Type::Object(_) | Type::Map(_) if value.is_null() => {}
            Type::Object(ty) => attributes.extend(ty.iter().map(|(n, t)| (n.clone(), t.clone()))),
            Type::Map(element) => match value.as_map() {
                Some(map) => {
                    attributes.extend(map.iter().map(|(k, _)| (k.clone(), (**element).clone())));
                }
                None => known = false,
            },
            other => {
                return Err(failed(format!(
                    "all arguments must be maps or objects, not {}",
                    describe(other)
                )));
            }
        }
    }
    if *first.ty() != Type::Dynamic && args.iter().all(|v| v.ty() == first.ty()) {
        return Ok(first.ty().clone());
    }
    Ok(if known {
        Type::object(attributes)
    } else {
        Type::Dynamic
    })
}

fn transpose() -> Function {
    let list = Type::list(Type::String);
    let map = Type::map(list.clone());
    function([param("values", map.clone())])
        .returns(map.clone())
        .call(move |args| {
            let Some(entries) = args[0].as_map().filter(|_| args[0].is_wholly_known()) else {
                return Ok(unknown(map.clone()));
            };
            let mut transposed: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
            for (key, values) in entries {
                let Some(values) = values.as_slice() else {
                    return Err(failed("the map must not have null as a list"));
                };
                for value in values {
                    let Some(value) = value.as_str() else {
                        return Err(failed("the lists must not have null as an element"));
                    };
                    transposed
                        .entry(value.clone())
                        .or_default()
                        .push(Value::string(key.clone()));
                }
            }
            let entries = transposed
                .into_iter()
                .map(|(k, v)| (k, Value::list_of(list.clone(), v)));
            Ok(Value::map_of(map.clone(), entries))
        })
}

fn zipmap() -> Function {
    function([
        param("keys", Type::list(Type::String)).marked(),
        param("values", Type::Dynamic).marked(),
    ])
    .returns_by(zipmap_type)
    .call(|args| -> Answer {
        let ty = zipmap_type(args)?;
        let marks = args[0].all_marks() | args[1].marks();
        let keys = args[0].clone().unmark_all();
        if !keys.is_wholly_known() {
            return Ok(unknown(ty).with_marks(marks));
        }
        let (keys, values) = (keys.as_slice().unwrap_or_default(), items(args, 1)?);
        if keys.len() != values.len() {
            return Err(uneven(keys.len(), values.len()));
        }
        let mut entries = Vec::with_capacity(keys.len());
        for (i, (key, value)) in keys.iter().zip(values).enumerate() {
            let key = key.as_str().ok_or_else(|| null_key(i))?;
            entries.push((key.clone(), value.clone()));
        }
        let zipped = match ty {
            ty @ Type::Map(_) => Value::map_of(ty, entries),
            _ => Value::object(entries),
        };
        Ok(zipped.with_marks(marks))
    })
}

fn uneven(keys: usize, values: usize) -> ArgumentError {
    failed(format!(
        "there must be as many values as keys, but there are {keys} keys and {values} values"
    ))
}

fn null_key(index: usize) -> ArgumentError {
    failed(format!("the key at index {index} is null"))
}

fn zipmap_type(args: &[Value]) -> Result<Type, ArgumentError> {
    let types = match args[1].ty() {
        Type::Dynamic => return Ok(Type::Dynamic),
        Type::List(element) => return Ok(Type::Map(element.clone())),
        Type::Tuple(types) => types,
        _ => return Err(failed("the values must be a list or a tuple")),
    };
    let Some(keys) = args[0].as_slice().filter(|_| args[0].is_wholly_known()) else {
        return Ok(Type::Dynamic);
    };
    if keys.len() != types.len() {
        return Err(uneven(keys.len(), types.len()));
    }
    let mut attributes = Vec::with_capacity(keys.len());
    for (i, (key, ty)) in keys.iter().zip(types.iter()).enumerate() {
        attributes.push((key.as_str().ok_or_else(|| null_key(i))?.clone(), ty.clone()));
    }
    Ok(Type::object(attributes))
}
