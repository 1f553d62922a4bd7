//! The JSON form of types.

use super::encode::write_string;
use super::reader::{Reader, Token};
use crate::wire::{WireError, deeper};
use crate::{ObjectType, Type};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Type {
    /// The type as JSON: `"string"`, `["list","string"]`, `["object",{"a":"bool"},["a"]]`; the third
    /// item names the optional attributes, if there are any.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    /// Like [`Type::to_json`], to the end of a buffer.
    pub fn write_json(&self, out: &mut String) {
        let of = |kind: &str, t: &Self, out: &mut String| {
            out.push_str("[\"");
            out.push_str(kind);
            out.push_str("\",");
            t.write_json(out);
            out.push(']');
        };
        match self {
            Self::Dynamic => out.push_str("\"dynamic\""),
            Self::Bool => out.push_str("\"bool\""),
            Self::Number => out.push_str("\"number\""),
            Self::String => out.push_str("\"string\""),
            Self::List(t) => of("list", t, out),
            Self::Set(t) => of("set", t, out),
            Self::Map(t) => of("map", t, out),
            Self::Tuple(elements) => {
                out.push_str("[\"tuple\",[");
                for (i, t) in elements.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    t.write_json(out);
                }
                out.push_str("]]");
            }
            Self::Object(attrs) => {
                out.push_str("[\"object\",{");
                for (i, (name, t)) in attrs.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    write_string(name, out);
                    out.push(':');
                    t.write_json(out);
                }
                out.push('}');
                if attrs.has_optional() {
                    let mut before = ",[";
                    for (name, _) in attrs.iter().filter(|(n, _)| attrs.is_optional(n)) {
                        out.push_str(before);
                        write_string(name, out);
                        before = ",";
                    }
                    out.push(']');
                }
                out.push(']');
            }
        }
    }

    /// Reads a type from JSON.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, WireError> {
        let text = String::from_utf8_lossy(json.as_ref());
        let mut reader = Reader::new(&text);
        let ty = read(&mut reader, 0)?;
        reader.end()?;
        Ok(ty)
    }
}

pub(super) fn read(r: &mut Reader<'_>, depth: usize) -> Result<Type, WireError> {
    let depth = deeper(depth)?;
    let ty = match r.token()? {
        Token::String(name) => {
            return match &*name {
                "bool" => Ok(Type::Bool),
                "number" => Ok(Type::Number),
                "string" => Ok(Type::String),
                "dynamic" => Ok(Type::Dynamic),
                _ => Err(WireError::new(format!(
                    "invalid primitive type name {name:?}"
                ))),
            };
        }
        Token::Array => {
            let kind = if r.element(true)? {
                r.token()?
            } else {
                Token::Null
            };
            let Token::String(kind) = kind else {
                return Err(WireError::new("invalid complex type kind name"));
            };
            if !r.element(false)? {
                return Err(WireError::new("invalid complex type description"));
            }
            match &*kind {
                "list" => Type::list(read(r, depth)?),
                "set" => Type::set(read(r, depth)?),
                "map" => Type::map(read(r, depth)?),
                "tuple" => tuple(r, depth)?,
                // Has its own end.
                "object" => return object(r, depth),
                _ => return Err(WireError::new("invalid complex type kind name")),
            }
        }
        _ => return Err(WireError::new("invalid type description")),
    };
    end(r)?;
    Ok(ty)
}

fn end(r: &mut Reader<'_>) -> Result<(), WireError> {
    if r.element(false)? {
        Err(WireError::new("unexpected extra data in type description"))
    } else {
        Ok(())
    }
}

fn tuple(r: &mut Reader<'_>, depth: usize) -> Result<Type, WireError> {
    match r.token()? {
        Token::Array => {}
        // As Go writes a list that was never made.
        Token::Null => return Ok(Type::tuple([])),
        _ => {
            return Err(WireError::new("tuple type needs an array of element types"));
        }
    }
    let mut elements = Vec::new();
    while r.element(elements.is_empty())? {
        elements.push(read(r, depth)?);
    }
    Ok(Type::tuple(elements))
}

fn object(r: &mut Reader<'_>, depth: usize) -> Result<Type, WireError> {
    let Token::Object = r.token()? else {
        return Err(WireError::new(
            "object type needs an object of attribute types",
        ));
    };
    let mut attrs: Vec<(Arc<str>, Type)> = Vec::new();
    while let Some(name) = r.key(attrs.is_empty())? {
        attrs.push((name.into(), read(r, depth)?));
    }
    if !r.element(false)? {
        return Ok(Type::object(attrs));
    }
    let optional = names(r)?;
    if let Some(name) = optional
        .iter()
        .find(|name| !attrs.iter().any(|(n, _)| n == *name))
    {
        return Err(WireError::new(format!(
            "optional attribute {name:?} is not an attribute"
        )));
    }
    end(r)?;
    let attrs = attrs.into_iter().map(|(name, ty)| {
        let optional = optional.contains(&name);
        (name, ty, optional)
    });
    Ok(Type::Object(Arc::new(ObjectType::with_optional(attrs))))
}

fn names(r: &mut Reader<'_>) -> Result<BTreeSet<Arc<str>>, WireError> {
    let Token::Array = r.token()? else {
        return Err(WireError::new(
            "optional attributes must be an array of names",
        ));
    };
    let mut names = BTreeSet::new();
    let mut first = true;
    while r.element(first)? {
        first = false;
        let Token::String(name) = r.token()? else {
            return Err(WireError::new(
                "optional attributes must be an array of names",
            ));
        };
        names.insert(name.into());
    }
    Ok(names)
}
