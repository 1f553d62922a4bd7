//! Values to JSON.

use crate::wire::{WireError, deeper, prepared};
use crate::{Data, Step, Type, Value};
use std::fmt::Write;

/// The value in the form that the type constraint asks for: where it says `dynamic`, with its type.
/// Converts the value first if it does not conform. Fails on unknown values, infinities and marks.
pub fn encode(value: &Value, constraint: &Type) -> Result<String, WireError> {
    let mut out = String::new();
    encode_into(value, constraint, &mut out)?;
    Ok(out)
}

/// Like [`encode`], to the end of a buffer.
pub fn encode_into(value: &Value, constraint: &Type, out: &mut String) -> Result<(), WireError> {
    let value = prepared(value, constraint)?;
    put(&value, constraint, out, 0).map_err(WireError::complete)
}

/// The value without any types, as `jsonencode` writes it.
pub fn encode_simple(value: &Value) -> Result<String, WireError> {
    encode(value, value.ty())
}

fn put(value: &Value, constraint: &Type, out: &mut String, depth: usize) -> Result<(), WireError> {
    if !value.is_known() {
        return Err(WireError::new("value is not known"));
    }
    if *constraint == Type::Dynamic && *value.ty() != Type::Dynamic {
        let depth = deeper(depth)?;
        out.push_str("{\"value\":");
        put(value, value.ty(), out, depth)?;
        out.push_str(",\"type\":");
        value.ty().write_json(out);
        out.push('}');
        return Ok(());
    }
    match (&value.data, constraint) {
        (Data::Null, _) => out.push_str("null"),
        (Data::Bool(b), _) => out.push_str(if *b { "true" } else { "false" }),
        (Data::Number(n), _) if n.is_infinite() => {
            return Err(WireError::new("cannot serialize infinity as JSON"));
        }
        (Data::Number(n), _) => {
            let _ = write!(out, "{n}");
        }
        (Data::String(s), _) => write_string(s, out),
        (Data::Seq(values), Type::Object(attrs)) => {
            let depth = deeper(depth)?;
            let attrs = attrs.iter().zip(values.iter());
            list(out, ['{', '}'], attrs, |((name, ty), value), out| {
                write_string(name, out);
                out.push(':');
                put(value, ty, out, depth).map_err(|e| e.within(Step::Attr(name.clone())))
            })?;
        }
        (Data::Seq(values), Type::Tuple(elements)) => {
            let depth = deeper(depth)?;
            let elements = values.iter().zip(elements.iter()).enumerate();
            list(out, ['[', ']'], elements, |(i, (value, ty)), out| {
                put(value, ty, out, depth).map_err(|e| e.within(Step::Index(Value::number(i))))
            })?;
        }
        (Data::Seq(values), Type::List(ty) | Type::Set(ty)) => {
            let depth = deeper(depth)?;
            list(
                out,
                ['[', ']'],
                values.iter().enumerate(),
                |(i, value), out| {
                    put(value, ty, out, depth).map_err(|e| e.within(Step::Index(Value::number(i))))
                },
            )?;
        }
        (Data::Map(entries), Type::Map(ty)) => {
            let depth = deeper(depth)?;
            list(out, ['{', '}'], entries.iter(), |(key, value), out| {
                write_string(key, out);
                out.push(':');
                put(value, ty, out, depth)
                    .map_err(|e| e.within(Step::Index(Value::string(key.clone()))))
            })?;
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

fn list<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl Iterator<Item = T>,
    mut put: impl FnMut(T, &mut String) -> Result<(), WireError>,
) -> Result<(), WireError> {
    out.push(open);
    for (i, item) in items.enumerate() {
        if i > 0 {
            out.push(',');
        }
        put(item, out)?;
    }
    out.push(close);
    Ok(())
}

/// Writes a JSON string as Go's encoder does, which also escapes what HTML could misread.
pub fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut plain = 0;
    for (i, c) in text.char_indices() {
        let short = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\x1f' => "",
            _ => continue,
        };
        out.push_str(&text[plain..i]);
        plain = i + c.len_utf8();
        if short.is_empty() {
            let _ = write!(out, "\\u{:04x}", c as u32);
        } else {
            out.push_str(short);
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}
