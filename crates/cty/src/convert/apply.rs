//! The conversion of a value between types of which it is known that a conversion exists.

use super::replace::{replace_dynamic, unknown};
use super::{ConvertError, checked, exists, map_element, mismatch_message, sequence_element};
use crate::unify::unify_with;
use crate::{Data, Number, ObjectType, Step, Type, Value};
use std::sync::Arc;

type Converted = Result<Value, ConvertError>;

pub(super) fn apply(value: &Value, want: &Type) -> Converted {
    if value.ty() == want || *want == Type::Dynamic {
        return Ok(value.clone());
    }
    let result = match (&value.data, value.ty(), want) {
        (Data::Unknown(_), have, _) => {
            unknown(value, replace_dynamic(have, &want.without_optional()))
        }
        (Data::Null, have, _) => Value::null(replace_dynamic(have, &want.without_optional())),
        (Data::Number(n), _, Type::String) => Value::string(n.to_string()),
        (Data::Bool(b), _, Type::String) => Value::string(if *b { "true" } else { "false" }),
        (Data::String(s), _, Type::Number) => Value::number(
            Number::parse(s).ok_or_else(|| ConvertError::new("a number is required"))?,
        ),
        (Data::String(s), _, Type::Bool) => Value::bool(parse_bool(s)?),
        (Data::Seq(values), Type::Tuple(types), Type::Tuple(wants)) => {
            let parts = values
                .iter()
                .zip(types.iter())
                .zip(wants.iter())
                .enumerate();
            Value::tuple(
                parts
                    .map(|(i, ((v, have), want))| element(i, v, have, want))
                    .collect::<Result<_, _>>()?,
            )
        }
        (Data::Seq(values), Type::Object(have), Type::Object(wants)) => {
            object_to_object(values, have, wants)?
        }
        (Data::Map(entries), Type::Map(have), Type::Object(wants)) => {
            map_to_object(entries, have, wants)?
        }
        (Data::Seq(values), _, Type::List(want)) => to_list(value, values, want)?,
        (Data::Seq(values), _, Type::Set(want)) => to_set(value, values, want)?,
        (Data::Seq(values), Type::Object(have), Type::Map(want)) => {
            object_to_map(values, have, want)?
        }
        (Data::Map(entries), Type::Map(have), Type::Map(want)) => map_to_map(entries, have, want)?,
        _ => return Err(ConvertError::new(mismatch_message(value.ty(), want))),
    };
    Ok(result.with_marks(value.marks()))
}

fn parse_bool(text: &str) -> Result<bool, ConvertError> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(ConvertError::new(match text.to_lowercase().as_str() {
            "true" => "a bool is required; to convert from string, use lowercase \"true\"",
            "false" => "a bool is required; to convert from string, use lowercase \"false\"",
            _ => "a bool is required",
        })),
    }
}

/// Converts a part, whose own type is more precise than the declared one where that is `dynamic`.
fn part(value: &Value, have: &Type, want: &Type, step: impl FnOnce() -> Step) -> Converted {
    let converted = if value.ty() == have {
        apply(value, want)
    } else {
        checked(value, want)
    };
    converted.map_err(|error| error.within(step()))
}

fn element(i: usize, value: &Value, have: &Type, want: &Type) -> Converted {
    part(value, have, want, || Step::Index(Value::number(i)))
}

fn entry(key: &Arc<str>, value: &Value, have: &Type, want: &Type) -> Converted {
    part(value, have, want, || {
        Step::Index(Value::string(key.clone()))
    })
}

fn object_to_object(values: &[Value], have: &ObjectType, wants: &ObjectType) -> Converted {
    let mut attrs = Vec::with_capacity(wants.len());
    for (name, want) in wants.iter() {
        let attr = match have
            .position(name)
            .and_then(|i| Some((&values[i], have.at(i)?.1)))
        {
            Some((value, have)) => part(value, have, want, || Step::Attr(name.clone()))?,
            None => Value::null(want.without_optional()),
        };
        attrs.push(attr);
    }
    Ok(finish_object(wants, attrs))
}

/// The object of the wanted type, with the types of the attributes where that is more precise.
fn finish_object(wants: &ObjectType, attrs: Vec<Value>) -> Value {
    Value::object(wants.iter().map(|(name, _)| name.clone()).zip(attrs))
}

fn map_to_object(entries: &[(Arc<str>, Value)], have: &Type, wants: &ObjectType) -> Converted {
    let mut attrs = Vec::with_capacity(wants.len());
    let mut absent = None;
    for (name, want) in wants.iter() {
        attrs.push(match entries.binary_search_by(|(key, _)| key.cmp(name)) {
            Ok(i) if exists(have, want, true) => entry(name, &entries[i].1, have, want)?,
            Ok(i) => {
                let reason = mismatch_message(entries[i].1.ty(), want);
                return Err(ConvertError::new(format!(
                    "map element type is incompatible with attribute {name:?}: {reason}"
                )));
            }
            Err(_) => {
                if !wants.is_optional(name) {
                    absent = absent.or(Some(name));
                }
                Value::null(want.without_optional())
            }
        });
    }
    match absent {
        Some(name) => Err(ConvertError::new(format!(
            "map has no element for required attribute {name:?}"
        ))),
        None => Ok(finish_object(wants, attrs)),
    }
}

/// Converts the elements of a list, set or tuple to one type; with the type of an empty result.
fn elements(
    value: &Value,
    values: &[Value],
    want: &Type,
) -> Result<(Vec<Value>, Type), ConvertError> {
    let enumerated = values.iter().enumerate();
    match value.ty() {
        Type::Tuple(types) => {
            let want = sequence_element(types, want, true).ok_or_else(|| {
                ConvertError::new(mismatch_message(value.ty(), &Type::list(Type::Dynamic)))
            })?;
            let values = enumerated
                .map(|(i, v)| element(i, v, &types[i], &want))
                .collect::<Result<_, _>>()?;
            Ok((values, want.without_optional()))
        }
        ty => {
            let have = ty.element_type().unwrap_or(&Type::Dynamic);
            let values = enumerated
                .map(|(i, v)| element(i, v, have, want))
                .collect::<Result<_, _>>()?;
            Ok((
                values,
                if *want == Type::Dynamic {
                    have.clone()
                } else {
                    want.without_optional()
                },
            ))
        }
    }
}

fn to_list(value: &Value, values: &[Value], want: &Type) -> Converted {
    let open = matches!(value.ty(), Type::Set(_)) && values.len() > 1 && !value.is_wholly_known();
    if open {
        // Elements can turn out to be equal: not even the length is known.
        let ty = replace_dynamic(value.ty(), &Type::list(want.without_optional()));
        return Ok(Value::unknown(ty));
    }
    let (mut values, want) = elements(value, values, want)?;
    if matches!(value.ty(), Type::Tuple(_)) {
        settle(&mut values, true)?;
    }
    Value::uniform_list(&want, values)
        .ok_or_else(|| ConvertError::new("element types must all match for conversion to list"))
}

fn to_set(value: &Value, values: &[Value], want: &Type) -> Converted {
    let (values, want) = elements(value, values, want)?;
    Value::uniform_set(&want, values)
        .ok_or_else(|| ConvertError::new("element types must all match for conversion to set"))
}

fn object_to_map(values: &[Value], have: &ObjectType, want: &Type) -> Converted {
    let want = map_element(have.iter().map(|(_, t)| t), want, true)
        .ok_or_else(|| ConvertError::new("all map elements must have the same type"))?;
    let parts = have
        .iter()
        .zip(values)
        .map(|((name, have), v)| entry(name, v, have, &want));
    let mut values = parts.collect::<Result<Vec<_>, _>>()?;
    if want.is_collection() || want.as_object().is_some() {
        settle(&mut values, true)?;
    }
    let entries = have
        .iter()
        .map(|(name, _)| name.clone())
        .zip(values)
        .collect();
    Value::uniform_map(&want.without_optional(), entries)
        .ok_or_else(|| ConvertError::new("attribute types must all match for conversion to map"))
}

fn map_to_map(entries: &[(Arc<str>, Value)], have: &Type, want: &Type) -> Converted {
    let parts = entries.iter().map(|(key, v)| entry(key, v, have, want));
    let mut values = parts.collect::<Result<Vec<_>, _>>()?;
    if want.is_collection() || want.as_object().is_some() {
        settle(&mut values, false)?;
    }
    let empty = if *want == Type::Dynamic {
        have.clone()
    } else {
        want.without_optional()
    };
    let entries = entries
        .iter()
        .map(|(key, _)| key.clone())
        .zip(values)
        .collect();
    Value::uniform_map(&empty, entries)
        .ok_or_else(|| ConvertError::new("element types must all match for conversion to map"))
}

/// Brings elements that came out with different types, because the wanted type has `dynamic` inside,
/// to a common one.
fn settle(values: &mut [Value], risky: bool) -> Result<(), ConvertError> {
    if values.windows(2).all(|w| w[0].ty() == w[1].ty()) {
        return Ok(());
    }
    let types: Vec<Type> = values.iter().map(|v| v.ty().clone()).collect();
    let ty = unify_with(&types, risky)
        .ok_or_else(|| ConvertError::new("cannot find a common base type for all elements"))?;
    for (i, value) in values.iter_mut().enumerate() {
        *value = element(i, value, &types[i], &ty)?;
    }
    Ok(())
}
