//! JSON to values.

use super::reader::{Reader, Token};
use crate::value::{collection, map_collection};
use crate::wire::{WireError, deeper};
use crate::{Number, ObjectType, Step, Type, Value, convert};
use std::sync::Arc;

/// Reads a value of a type constraint. Numbers may be strings, strings numbers or bools, bools
/// strings; attributes that are not there are null.
pub fn decode(json: impl AsRef<[u8]>, constraint: &Type) -> Result<Value, WireError> {
    let text = String::from_utf8_lossy(json.as_ref());
    let mut reader = Reader::new(&text);
    let value = value(&mut reader, constraint, 0).map_err(WireError::complete)?;
    reader.end()?;
    Ok(value)
}

/// Reads a value of the type that its JSON implies, as `jsondecode` does: objects and tuples, and nulls
/// of no type.
pub fn decode_simple(json: impl AsRef<[u8]>) -> Result<Value, WireError> {
    let text = String::from_utf8_lossy(json.as_ref());
    let mut reader = Reader::new(&text);
    let value = simple(&mut reader, 0).map_err(WireError::complete)?;
    reader.end()?;
    Ok(value)
}

/// The type that JSON implies.
pub fn implied_type(json: impl AsRef<[u8]>) -> Result<Type, WireError> {
    decode_simple(json).map(|v| v.ty().clone())
}

fn value(r: &mut Reader<'_>, ty: &Type, depth: usize) -> Result<Value, WireError> {
    let depth = deeper(depth)?;
    let token = r.token()?;
    match (ty, token) {
        (_, Token::Null) => Ok(Value::null(ty.clone())),
        (Type::Dynamic, Token::Object) => dynamic(r, depth),
        (Type::Dynamic, _) => Err(WireError::new(
            "an object with a value and its type is required",
        )),
        (Type::Bool, Token::Bool(b)) => Ok(Value::bool(b)),
        (Type::Bool, Token::String(s)) => {
            convert::convert(&Value::string(&*s), ty).map_err(|e| WireError::new(e.message))
        }
        (Type::Number, Token::Number(n)) => number(n),
        (Type::Number, Token::String(s)) => number(&s),
        (Type::String, Token::String(s)) => Ok(Value::string(&*s)),
        (Type::String, Token::Number(n)) => Ok(Value::string(n)),
        (Type::String, Token::Bool(b)) => Ok(Value::string(if b { "true" } else { "false" })),
        (Type::Bool | Type::Number | Type::String, _) => Err(WireError::new(format!(
            "{} is required",
            ty.friendly_name()
        ))),
        (Type::List(element) | Type::Set(element), Token::Array) => {
            let values = elements(r, |r, _| value(r, element, depth))?;
            collection(ty, values)
                .ok_or_else(|| WireError::new("all elements must have the same type"))
        }
        (Type::Map(element), Token::Object) => {
            let entries = entries(r, |r, key| {
                value(r, element, depth)
                    .map_err(|e| e.within(Step::Index(Value::string(key.clone()))))
            })?;
            map_collection(ty, entries)
                .ok_or_else(|| WireError::new("all elements must have the same type"))
        }
        (Type::Tuple(types), Token::Array) => {
            let need = types.len();
            let values = elements(r, |r, i| {
                let ty = types.get(i).ok_or_else(|| {
                    WireError::new(format!("too many tuple elements (need {need})"))
                })?;
                value(r, ty, depth)
            })?;
            if values.len() < need {
                return Err(WireError::new(format!(
                    "not enough tuple elements (need {need})"
                )));
            }
            Ok(Value::tuple(values))
        }
        (Type::Object(attrs), Token::Object) => object(r, ty, attrs, depth),
        (_, _) => Err(WireError::new(format!(
            "{} is required",
            ty.friendly_name()
        ))),
    }
}

fn number(text: &str) -> Result<Value, WireError> {
    Number::parse(text)
        .map(Value::number)
        .ok_or_else(|| WireError::new("a number is required"))
}

fn elements(
    r: &mut Reader<'_>,
    mut element: impl FnMut(&mut Reader<'_>, usize) -> Result<Value, WireError>,
) -> Result<Vec<Value>, WireError> {
    let mut values = Vec::new();
    while r.element(values.is_empty())? {
        let i = values.len();
        values.push(element(r, i).map_err(|e| e.within(Step::Index(Value::number(i))))?);
    }
    Ok(values)
}

fn entries(
    r: &mut Reader<'_>,
    mut entry: impl FnMut(&mut Reader<'_>, &Arc<str>) -> Result<Value, WireError>,
) -> Result<Vec<(Arc<str>, Value)>, WireError> {
    let mut entries = Vec::new();
    while let Some(key) = r.key(entries.is_empty())? {
        let key: Arc<str> = key.into();
        let value = entry(r, &key)?;
        entries.push((key, value));
    }
    Ok(entries)
}

fn object(
    r: &mut Reader<'_>,
    ty: &Type,
    attrs: &ObjectType,
    depth: usize,
) -> Result<Value, WireError> {
    let mut values: Vec<Option<Value>> = vec![None; attrs.len()];
    let mut next = 0;
    let mut first = true;
    while let Some(name) = r.key(first)? {
        first = false;
        // Mostly the attributes come in order.
        let expected = attrs.at(next).filter(|(n, _)| ***n == *name).map(|_| next);
        let place = expected.or_else(|| attrs.position(&name));
        let (place, (name, ty)) = place
            .and_then(|i| Some((i, attrs.at(i)?)))
            .ok_or_else(|| WireError::new(format!("unsupported attribute {name:?}")))?;
        values[place] = Some(value(r, ty, depth).map_err(|e| e.within(Step::Attr(name.clone())))?);
        next = place + 1;
    }
    let values = values.into_iter().zip(attrs.iter());
    let values = values
        .map(|(v, (_, ty))| v.unwrap_or_else(|| Value::null(ty.clone())))
        .collect();
    Ok(Value::object_of(ty.clone(), values))
}

/// A value with its type, in either order.
fn dynamic(r: &mut Reader<'_>, depth: usize) -> Result<Value, WireError> {
    let (mut ty, mut place) = (None, None);
    let mut first = true;
    while let Some(key) = r.key(first)? {
        first = false;
        match &*key {
            "type" => ty = Some(super::types::read(r, depth)?),
            "value" => {
                place = Some(r.place());
                r.skip(depth)?;
            }
            _ => {
                return Err(WireError::new(format!(
                    "invalid key {key:?} in dynamically-typed value"
                )));
            }
        }
    }
    let ty = ty.ok_or_else(|| WireError::new("missing type in dynamically-typed value"))?;
    let place = place.ok_or_else(|| WireError::new("missing value in dynamically-typed value"))?;
    value(&mut r.from(place), &ty, depth)
}

fn simple(r: &mut Reader<'_>, depth: usize) -> Result<Value, WireError> {
    let depth = deeper(depth)?;
    Ok(match r.token()? {
        Token::Null => Value::null(Type::Dynamic),
        Token::Bool(b) => Value::bool(b),
        Token::Number(n) => number(n)?,
        Token::String(s) => Value::string(&*s),
        Token::Array => {
            // Objects of one shape, which arrays mostly hold, share their type.
            let mut last: Option<Type> = None;
            Value::tuple(elements(r, |r, _| {
                let value = simple(r, depth)?;
                let value = match &last {
                    Some(ty) if *ty == *value.ty() => value.sharing_type(ty),
                    _ => value,
                };
                last = Some(value.ty().clone());
                Ok(value)
            })?)
        }
        Token::Object => {
            let mut entries = entries(r, |r, name| {
                simple(r, depth).map_err(|e| e.within(Step::Attr(name.clone())))
            })?;
            // A name can come twice with values of the same type; the last one counts.
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            let twice = entries
                .windows(2)
                .find(|w| w[0].0 == w[1].0 && w[0].1.ty() != w[1].1.ty());
            if let Some(twice) = twice {
                let name = &twice[0].0;
                return Err(WireError::new(format!(
                    "duplicate {name:?} property in JSON object"
                )));
            }
            Value::object(entries)
        }
    })
}
