//! The conversion of a value between types of which it is known that a conversion exists.

use super::replace::{replace_dynamic, unknown};
use super::{ConvertError, checked, exists, map_element, mismatch_message, sequence_element};
use crate::unify::unify_with;
use crate::{Data, Number, ObjectType, Step, Type, Value};
use std::sync::Arc;

type Converted = Result<Value, ConvertError>;

/// The type that is wanted.
#[derive(Clone, Copy)]
struct Want<'a> {
    /// As it was given.
    ty: &'a Type,
    /// Without optional attributes: the type of the result, shared by all values that get it.
    plain: &'a Type,
}

impl<'a> Want<'a> {
    const fn exactly(ty: &'a Type) -> Self {
        Self { ty, plain: ty }
    }

    /// What is wanted of the elements of a collection.
    fn element(self) -> Self {
        let of = |ty: &'a Type| ty.element_type().unwrap_or(ty);
        Self {
            ty: of(self.ty),
            plain: of(self.plain),
        }
    }

    /// What is wanted of the attributes of an object, in order.
    fn attrs(self) -> impl Iterator<Item = (&'a Arc<str>, bool, Self)> {
        let of = |ty: &'a Type| ty.as_object().into_iter().flat_map(|o| o.iter());
        let optional = |name: &str| self.ty.as_object().is_some_and(|o| o.is_optional(name));
        of(self.ty)
            .zip(of(self.plain))
            .map(move |((name, ty), (_, plain))| (name, optional(name), Self { ty, plain }))
    }
}

pub(super) fn apply(value: &Value, want: &Type) -> Converted {
    apply_to(
        value,
        Want {
            ty: want,
            plain: &want.without_optional(),
        },
    )
}

fn apply_to(value: &Value, want: Want<'_>) -> Converted {
    if value.ty() == want.ty || *want.ty == Type::Dynamic {
        return Ok(value.clone());
    }
    let result = match (&value.data, value.ty(), want.ty) {
        (Data::Unknown(_), have, _) => unknown(value, replace_dynamic(have, want.plain)),
        (Data::Null, have, _) => Value::null(replace_dynamic(have, want.plain)),
        (Data::Number(n), _, Type::String) => Value::string(n.to_string()),
        (Data::Bool(b), _, Type::String) => Value::string(if *b { "true" } else { "false" }),
        (Data::String(s), _, Type::Number) => Value::number(
            Number::parse(s).ok_or_else(|| ConvertError::new("a number is required"))?,
        ),
        (Data::String(s), _, Type::Bool) => Value::bool(parse_bool(s)?),
        (Data::Seq(values), Type::Tuple(have), Type::Tuple(_)) => to_tuple(values, have, want)?,
        (Data::Seq(values), Type::Object(have), Type::Object(_)) => {
            object_to_object(values, have, want)?
        }
        (Data::Map(entries), Type::Map(have), Type::Object(_)) => {
            map_to_object(entries, have, want)?
        }
        (Data::Seq(values), _, Type::List(_)) => to_list(value, values, want.element())?,
        (Data::Seq(values), _, Type::Set(_)) => to_set(value, values, want.element())?,
        (Data::Seq(values), Type::Object(have), Type::Map(_)) => {
            object_to_map(values, have, want.element())?
        }
        (Data::Map(entries), Type::Map(have), Type::Map(_)) => {
            map_to_map(entries, have, want.element())?
        }
        _ => return Err(ConvertError::new(mismatch_message(value.ty(), want.ty))),
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
fn part(value: &Value, have: &Type, want: Want<'_>, step: impl FnOnce() -> Step) -> Converted {
    let converted = if value.ty() == have {
        apply_to(value, want)
    } else {
        checked(value, want.ty)
    };
    converted.map_err(|error| error.within(step()))
}

fn element(i: usize, value: &Value, have: &Type, want: Want<'_>) -> Converted {
    part(value, have, want, || Step::Index(Value::number(i)))
}

fn entry(key: &Arc<str>, value: &Value, have: &Type, want: Want<'_>) -> Converted {
    part(value, have, want, || {
        Step::Index(Value::string(key.clone()))
    })
}

fn to_tuple(values: &[Value], have: &[Type], want: Want<'_>) -> Converted {
    let (Type::Tuple(types), Type::Tuple(plain)) = (want.ty, want.plain) else {
        return Err(ConvertError::new("tuple required"));
    };
    let wants = types
        .iter()
        .zip(plain.iter())
        .map(|(ty, plain)| Want { ty, plain });
    let parts = values.iter().zip(have).zip(wants).enumerate();
    let parts = parts.map(|(i, ((v, have), want))| element(i, v, have, want));
    Ok(Value::tuple(parts.collect::<Result<_, _>>()?))
}

fn object_to_object(values: &[Value], have: &ObjectType, want: Want<'_>) -> Converted {
    let mut attrs = Vec::with_capacity(values.len());
    for (name, _, want) in want.attrs() {
        let here = have
            .position(name)
            .and_then(|i| Some((&values[i], have.at(i)?.1)));
        attrs.push(match here {
            Some((value, have)) => part(value, have, want, || Step::Attr(name.clone()))?,
            None => Value::null(want.plain.clone()),
        });
    }
    Ok(Value::object_of(want.plain.clone(), attrs))
}

fn map_to_object(entries: &[(Arc<str>, Value)], have: &Type, want: Want<'_>) -> Converted {
    let mut attrs = Vec::new();
    let mut absent = None;
    for (name, optional, want) in want.attrs() {
        attrs.push(match entries.binary_search_by(|(key, _)| key.cmp(name)) {
            Ok(i) if exists(have, want.ty, true) => entry(name, &entries[i].1, have, want)?,
            Ok(i) => {
                let reason = mismatch_message(entries[i].1.ty(), want.ty);
                return Err(ConvertError::new(format!(
                    "map element type is incompatible with attribute {name:?}: {reason}"
                )));
            }
            Err(_) => {
                if !optional {
                    absent = absent.or(Some(name));
                }
                Value::null(want.plain.clone())
            }
        });
    }
    match absent {
        Some(name) => Err(ConvertError::new(format!(
            "map has no element for required attribute {name:?}"
        ))),
        None => Ok(Value::object_of(want.plain.clone(), attrs)),
    }
}

/// Converts the elements of a list, set or tuple to one type; with the type of an empty result.
fn elements(
    value: &Value,
    values: &[Value],
    want: Want<'_>,
) -> Result<(Vec<Value>, Type), ConvertError> {
    let enumerated = values.iter().enumerate();
    let Type::Tuple(types) = value.ty() else {
        let have = value.ty().element_type().unwrap_or(&Type::Dynamic);
        let values = enumerated.map(|(i, v)| element(i, v, have, want));
        let empty = if *want.ty == Type::Dynamic {
            have
        } else {
            want.plain
        };
        return Ok((values.collect::<Result<_, _>>()?, empty.clone()));
    };
    let common = sequence_element(types, want.ty, true).ok_or_else(|| {
        ConvertError::new(mismatch_message(value.ty(), &Type::list(Type::Dynamic)))
    })?;
    let want = if *want.ty == Type::Dynamic {
        Want::exactly(&common)
    } else {
        want
    };
    let values = enumerated.map(|(i, v)| element(i, v, &types[i], want));
    Ok((values.collect::<Result<_, _>>()?, want.plain.clone()))
}

fn to_list(value: &Value, values: &[Value], want: Want<'_>) -> Converted {
    let open = matches!(value.ty(), Type::Set(_)) && values.len() > 1 && !value.is_wholly_known();
    if open {
        // Elements can turn out to be equal: not even the length is known.
        let ty = replace_dynamic(value.ty(), &Type::list(want.plain.clone()));
        return Ok(Value::unknown(ty));
    }
    let (mut values, empty) = elements(value, values, want)?;
    if matches!(value.ty(), Type::Tuple(_)) {
        settle(&mut values, true)?;
    }
    Value::uniform_list(&empty, values)
        .ok_or_else(|| ConvertError::new("element types must all match for conversion to list"))
}

fn to_set(value: &Value, values: &[Value], want: Want<'_>) -> Converted {
    let (values, empty) = elements(value, values, want)?;
    Value::uniform_set(&empty, values)
        .ok_or_else(|| ConvertError::new("element types must all match for conversion to set"))
}

fn object_to_map(values: &[Value], have: &ObjectType, want: Want<'_>) -> Converted {
    let common = map_element(have.iter().map(|(_, t)| t), want.ty, true)
        .ok_or_else(|| ConvertError::new("all map elements must have the same type"))?;
    let want = if *want.ty == Type::Dynamic {
        Want::exactly(&common)
    } else {
        want
    };
    let parts = have.iter().zip(values);
    let parts = parts.map(|((name, have), v)| entry(name, v, have, want));
    let mut values = parts.collect::<Result<Vec<_>, _>>()?;
    if want.ty.is_collection() || want.ty.as_object().is_some() {
        settle(&mut values, true)?;
    }
    let entries = have
        .iter()
        .map(|(name, _)| name.clone())
        .zip(values)
        .collect();
    Value::uniform_map(want.plain, entries)
        .ok_or_else(|| ConvertError::new("attribute types must all match for conversion to map"))
}

fn map_to_map(entries: &[(Arc<str>, Value)], have: &Type, want: Want<'_>) -> Converted {
    let parts = entries.iter().map(|(key, v)| entry(key, v, have, want));
    let mut values = parts.collect::<Result<Vec<_>, _>>()?;
    if want.ty.is_collection() || want.ty.as_object().is_some() {
        settle(&mut values, false)?;
    }
    let empty = if *want.ty == Type::Dynamic {
        have
    } else {
        want.plain
    };
    let entries = entries
        .iter()
        .map(|(key, _)| key.clone())
        .zip(values)
        .collect();
    Value::uniform_map(empty, entries)
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
        *value = element(i, value, &types[i], Want::exactly(&ty))?;
    }
    Ok(())
}
