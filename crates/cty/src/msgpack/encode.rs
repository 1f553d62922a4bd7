//! Values to msgpack.

use super::{REFINED, key};
use crate::wire::{WireError, deeper, prepared};
use crate::{Data, Number, Refinement, Type, Value, safe_prefix};
use rmp::encode as write;

/// Longest prefix of an unknown string that is passed on.
const MAX_PREFIX: usize = 256;

/// The value in the form that the type constraint asks for; converts it first if it does not conform.
/// Fails on marks.
pub fn encode(value: &Value, constraint: &Type) -> Result<Vec<u8>, WireError> {
    let mut out = Vec::new();
    encode_into(value, constraint, &mut out)?;
    Ok(out)
}

/// Like [`encode`], to the end of a buffer.
pub fn encode_into(value: &Value, constraint: &Type, out: &mut Vec<u8>) -> Result<(), WireError> {
    let value = prepared(value, constraint)?;
    put(&value, constraint, out, 0)
}

fn put(value: &Value, constraint: &Type, out: &mut Vec<u8>, depth: usize) -> Result<(), WireError> {
    if *constraint == Type::Dynamic && *value.ty() != Type::Dynamic {
        let depth = deeper(depth)?;
        infallible(write::write_array_len(out, 2));
        infallible(write::write_bin(out, value.ty().to_json().as_bytes()));
        return put(value, value.ty(), out, depth);
    }
    match (&value.data, constraint) {
        (Data::Null, _) => infallible(write::write_nil(out)),
        (Data::Unknown(refinement), _) => unknown(value.ty(), refinement.as_deref(), out),
        (Data::Bool(b), _) => infallible(write::write_bool(out, *b)),
        (Data::Number(n), _) => number(n, out),
        (Data::String(s), _) => infallible(write::write_str(out, s)),
        (Data::Seq(values), Type::List(element) | Type::Set(element)) => {
            let depth = deeper(depth)?;
            infallible(write::write_array_len(out, length(values.len())?));
            for value in values.iter() {
                put(value, element, out, depth)?;
            }
        }
        (Data::Seq(values), Type::Tuple(elements)) => {
            let depth = deeper(depth)?;
            infallible(write::write_array_len(out, length(values.len())?));
            for (value, element) in values.iter().zip(elements.iter()) {
                put(value, element, out, depth)?;
            }
        }
        (Data::Seq(values), Type::Object(attrs)) => {
            let depth = deeper(depth)?;
            infallible(write::write_map_len(out, length(values.len())?));
            for (value, (name, ty)) in values.iter().zip(attrs.iter()) {
                infallible(write::write_str(out, name));
                put(value, ty, out, depth)?;
            }
        }
        (Data::Map(entries), Type::Map(element)) => {
            let depth = deeper(depth)?;
            infallible(write::write_map_len(out, length(entries.len())?));
            for (key, value) in entries.iter() {
                infallible(write::write_str(out, key));
                put(value, element, out, depth)?;
            }
        }
        _ => {
            return Err(WireError::new(format!(
                "{} required",
                constraint.friendly_name_for_constraint()
            )));
        }
    }
    Ok(())
}

/// The smallest integer or the float that is exactly the number, else its digits.
fn number(n: &Number, out: &mut Vec<u8>) {
    if let Some(i) = n.to_i64() {
        infallible(write::write_sint(out, i));
    } else if n.is_infinite() {
        infallible(write::write_f64(out, n.to_f64()));
    } else if let Some(f) = n.to_f64_exact().filter(|_| !n.is_integer()) {
        infallible(write::write_f64(out, f));
    } else {
        infallible(write::write_str(out, &n.to_string()));
    }
}

fn unknown(ty: &Type, refinement: Option<&Refinement>, out: &mut Vec<u8>) {
    let (count, body) = refinement
        .filter(|_| *ty != Type::Dynamic)
        .map_or((0, Vec::new()), refined);
    if count == 0 {
        out.extend([0xd4, 0, 0]);
        return;
    }
    // The header of so short a map is one byte.
    infallible(write::write_ext_meta(out, body.len() as u32 + 1, REFINED));
    infallible(write::write_map_len(out, count));
    out.extend(body);
}

/// How many entries say what is known, and the entries.
fn refined(refinement: &Refinement) -> (u32, Vec<u8>) {
    let mut count = 0;
    let mut body = Vec::new();
    let mut entry = |key: u8, put: &dyn Fn(&mut Vec<u8>)| {
        count += 1;
        body.push(key);
        put(&mut body);
    };
    if refinement.not_null {
        entry(key::NULLNESS, &|out| {
            infallible(write::write_bool(out, false));
        });
    }
    if !refinement.prefix.is_empty() {
        let prefix = &refinement.prefix;
        let short = if prefix.len() <= MAX_PREFIX {
            prefix.to_string()
        } else {
            let end = (0..MAX_PREFIX).rev().find(|i| prefix.is_char_boundary(*i));
            safe_prefix(&prefix[..end.unwrap_or(0)])
        };
        entry(key::PREFIX, &|out| {
            infallible(write::write_str(out, &short));
        });
    }
    for (key, bound) in [
        (key::LOWER, &refinement.lower),
        (key::UPPER, &refinement.upper),
    ] {
        if let Some((n, inclusive)) = bound {
            entry(key, &|out| {
                infallible(write::write_array_len(out, 2));
                number(n, out);
                infallible(write::write_bool(out, *inclusive));
            });
        }
    }
    if refinement.min_len > 0 {
        entry(key::MIN_LEN, &|out| {
            infallible(write::write_uint(out, refinement.min_len));
        });
    }
    if let Some(max) = refinement.max_len {
        entry(key::MAX_LEN, &|out| infallible(write::write_uint(out, max)));
    }
    (count, body)
}

fn length(len: usize) -> Result<u32, WireError> {
    u32::try_from(len).map_err(|_| WireError::new("too many elements"))
}

/// Writing to a buffer cannot fail.
fn infallible<T, E>(_: Result<T, E>) {}
