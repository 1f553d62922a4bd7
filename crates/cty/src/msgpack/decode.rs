//! Msgpack to values.

use super::{MAX_REFINED, REFINED, key};
use crate::value::{collection, map_collection};
use crate::wire::{MAX_PREALLOCATED, WireError, deeper};
use crate::{Number, ObjectType, Refinement, Step, Type, Value};
use rmp::Marker;
use std::borrow::Cow;
use std::sync::Arc;

/// Reads a value of a type constraint. Bytes after the value are ignored.
pub fn decode(bytes: &[u8], constraint: &Type) -> Result<Value, WireError> {
    value(&mut Reader { rest: bytes }, constraint, 0).map_err(WireError::complete)
}

fn value(r: &mut Reader<'_>, ty: &Type, depth: usize) -> Result<Value, WireError> {
    let depth = deeper(depth)?;
    let marker = r.peek()?;
    if let Some((code, body)) = r.ext()? {
        return unknown(code, body, ty);
    }
    if marker == Marker::Null {
        r.byte()?;
        return Ok(Value::null(ty.clone()));
    }
    match ty {
        Type::Dynamic => dynamic(r, depth),
        Type::Bool => r
            .bool()
            .map(Value::bool)
            .ok_or_else(|| WireError::new("bool is required")),
        Type::Number => r
            .number()
            .map(Value::number)
            .ok_or_else(|| WireError::new("number is required")),
        Type::String => r
            .string()
            .map(|s| Value::string(&*s))
            .ok_or_else(|| WireError::new("string is required")),
        Type::List(element) => sequence(r, ty, element, "a list is required", depth),
        Type::Set(element) => sequence(r, ty, element, "a set is required", depth),
        Type::Map(element) => map(r, ty, element, depth),
        Type::Tuple(elements) => {
            let len = r
                .array()
                .ok_or_else(|| WireError::new("a tuple is required"))?;
            if len != elements.len() {
                return Err(WireError::new(format!(
                    "a tuple of length {} is required",
                    elements.len()
                )));
            }
            let parts = elements.iter().enumerate();
            let parts = parts.map(|(i, ty)| value(r, ty, depth).map_err(|e| e.within(index(i))));
            Ok(Value::tuple(parts.collect::<Result<_, _>>()?))
        }
        Type::Object(attrs) => object(r, ty, attrs, depth),
    }
}

/// A pair of the type and the value.
fn dynamic(r: &mut Reader<'_>, depth: usize) -> Result<Value, WireError> {
    if r.array() != Some(2) {
        return Err(WireError::new(
            "dynamic value array must have exactly two elements",
        ));
    }
    let json = r
        .bytes()
        .ok_or_else(|| WireError::new("dynamic value must start with its type"))?;
    let ty = Type::from_json(json)?;
    value(r, &ty, depth)
}

fn sequence(
    r: &mut Reader<'_>,
    ty: &Type,
    element: &Type,
    required: &str,
    depth: usize,
) -> Result<Value, WireError> {
    let len = r.array().ok_or_else(|| WireError::new(required))?;
    let mut values = Vec::with_capacity(len.min(MAX_PREALLOCATED));
    for i in 0..len {
        values.push(value(r, element, depth).map_err(|e| e.within(index(i)))?);
    }
    collection(ty, values).ok_or_else(|| WireError::new("all elements must have the same type"))
}

fn map(r: &mut Reader<'_>, ty: &Type, element: &Type, depth: usize) -> Result<Value, WireError> {
    let len = r.map().ok_or_else(|| WireError::new("a map is required"))?;
    let mut entries = Vec::with_capacity(len.min(MAX_PREALLOCATED));
    for _ in 0..len {
        let key: Arc<str> = r
            .string()
            .ok_or_else(|| WireError::new("non-string key in map"))?
            .into();
        let value = value(r, element, depth)
            .map_err(|e| e.within(Step::Index(Value::string(key.clone()))))?;
        entries.push((key, value));
    }
    map_collection(ty, entries)
        .ok_or_else(|| WireError::new("all elements must have the same type"))
}

fn object(
    r: &mut Reader<'_>,
    ty: &Type,
    attrs: &ObjectType,
    depth: usize,
) -> Result<Value, WireError> {
    let len = r
        .map()
        .ok_or_else(|| WireError::new("an object is required"))?;
    if len != attrs.len() {
        return Err(WireError::new(format!(
            "an object with {} attributes is required ({len} given)",
            attrs.len()
        )));
    }
    // Almost always the attributes come in order.
    let mut values: Vec<Option<Value>> = vec![None; len];
    for i in 0..len {
        let name = r
            .string()
            .ok_or_else(|| WireError::new("all keys must be strings"))?;
        let expected = attrs.at(i).filter(|(n, _)| ***n == *name).map(|_| i);
        let place = expected.or_else(|| attrs.position(&name));
        let step = || Step::Attr(Arc::from(&*name));
        let (place, (_, ty)) = place
            .and_then(|i| Some((i, attrs.at(i)?)))
            .ok_or_else(|| WireError::new("unsupported attribute").within(step()))?;
        values[place] = Some(value(r, ty, depth).map_err(|e| e.within(step()))?);
    }
    let values: Option<Vec<Value>> = values.into_iter().collect();
    let values = values
        .ok_or_else(|| WireError::new("an attribute is given twice and another is missing"))?;
    Ok(Value::object_of(ty.clone(), values))
}

fn unknown(code: i8, body: &[u8], ty: &Type) -> Result<Value, WireError> {
    if body.len() <= 1 {
        return Ok(Value::unknown(ty.clone()));
    }
    if code != REFINED {
        let len = body.len();
        return Err(WireError::new(format!(
            "unsupported extension type {code:#04x} with len {len}"
        )));
    }
    if body.len() > MAX_REFINED {
        return Err(WireError::new("oversize unknown value refinement"));
    }
    if *ty == Type::Dynamic {
        return Ok(Value::dynamic());
    }
    let mut r = Reader { rest: body };
    let mut refinement = Refinement::default();
    let entries = r.map().ok_or_else(|| invalid("not a map"))?;
    for _ in 0..entries {
        let key = r
            .number()
            .and_then(|n| n.to_i64())
            .ok_or_else(|| invalid("non-integer key in map"))?;
        match u8::try_from(key).unwrap_or(0) {
            key::NULLNESS => match r.bool() {
                Some(true) => return Ok(Value::null(ty.clone())),
                Some(false) => refinement.not_null = true,
                None => return Err(invalid("null refinement is not boolean")),
            },
            key::PREFIX if *ty == Type::String => {
                let prefix = r
                    .string()
                    .ok_or_else(|| invalid("string prefix refinement is not string"))?;
                refinement.prefix = Value::string(&*prefix)
                    .as_str()
                    .cloned()
                    .unwrap_or_default();
            }
            key::LOWER if *ty == Type::Number => refinement.lower = Some(bound(&mut r)?),
            key::UPPER if *ty == Type::Number => refinement.upper = Some(bound(&mut r)?),
            key::MIN_LEN if ty.is_collection() => refinement.min_len = len_bound(&mut r)?,
            key::MAX_LEN if ty.is_collection() => refinement.max_len = Some(len_bound(&mut r)?),
            key::PREFIX..=key::MAX_LEN => {
                return Err(invalid(&format!(
                    "refinement {key} does not apply to {}",
                    ty.friendly_name()
                )));
            }
            _ => r.skip(0).ok_or_else(|| invalid("incomplete value"))?,
        }
    }
    Ok(Value::unknown_refined(ty.clone(), refinement))
}

fn bound(r: &mut Reader<'_>) -> Result<(Number, bool), WireError> {
    let pair = r
        .array()
        .filter(|len| *len == 2)
        .and_then(|_| Some((r.number()?, r.bool()?)));
    pair.ok_or_else(|| invalid("number bound refinement must be [number, bool] array"))
}

fn len_bound(r: &mut Reader<'_>) -> Result<u64, WireError> {
    let bound = r
        .number()
        .filter(Number::is_integer)
        .ok_or_else(|| invalid("length bound refinement must be integer"))?;
    Ok(if bound.is_negative() {
        0
    } else {
        bound.to_u64().unwrap_or(u64::MAX)
    })
}

fn invalid(reason: &str) -> WireError {
    WireError::new(format!("invalid unknown value: {reason}"))
}

fn index(i: usize) -> Step {
    Step::Index(Value::number(i))
}

/// What is left of the input.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Result<Marker, WireError> {
        self.rest
            .first()
            .map(|b| Marker::from_u8(*b))
            .ok_or_else(|| WireError::new("unexpected end of input"))
    }

    fn byte(&mut self) -> Result<u8, WireError> {
        let [byte] = self
            .array_of()
            .ok_or_else(|| WireError::new("unexpected end of input"))?;
        Ok(byte)
    }

    fn array_of<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*head)
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(head)
    }

    /// A length in as many bytes.
    fn len<const N: usize>(&mut self) -> Option<usize> {
        let bytes = self.array_of::<N>()?;
        Some(bytes.iter().fold(0, |len, b| len << 8 | usize::from(*b)))
    }

    fn marker(&mut self) -> Option<Marker> {
        self.byte().ok().map(Marker::from_u8)
    }

    fn array(&mut self) -> Option<usize> {
        match self.marker()? {
            Marker::FixArray(len) => Some(usize::from(len)),
            Marker::Array16 => self.len::<2>(),
            Marker::Array32 => self.len::<4>(),
            _ => None,
        }
    }

    fn map(&mut self) -> Option<usize> {
        match self.marker()? {
            Marker::FixMap(len) => Some(usize::from(len)),
            Marker::Map16 => self.len::<2>(),
            Marker::Map32 => self.len::<4>(),
            _ => None,
        }
    }

    fn bool(&mut self) -> Option<bool> {
        match self.marker()? {
            Marker::True => Some(true),
            Marker::False => Some(false),
            _ => None,
        }
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = match self.marker()? {
            Marker::FixStr(len) => usize::from(len),
            Marker::Str8 | Marker::Bin8 => self.len::<1>()?,
            Marker::Str16 | Marker::Bin16 => self.len::<2>()?,
            Marker::Str32 | Marker::Bin32 => self.len::<4>()?,
            _ => return None,
        };
        self.take(len)
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.bytes().map(String::from_utf8_lossy)
    }

    fn number(&mut self) -> Option<Number> {
        let start = self.rest;
        Some(match self.marker()? {
            Marker::FixPos(i) => i64::from(i).into(),
            Marker::FixNeg(i) => i64::from(i).into(),
            Marker::U8 => u64::from(u8::from_be_bytes(self.array_of()?)).into(),
            Marker::U16 => u64::from(u16::from_be_bytes(self.array_of()?)).into(),
            Marker::U32 => u64::from(u32::from_be_bytes(self.array_of()?)).into(),
            Marker::U64 => u64::from_be_bytes(self.array_of()?).into(),
            Marker::I8 => i64::from(i8::from_be_bytes(self.array_of()?)).into(),
            Marker::I16 => i64::from(i16::from_be_bytes(self.array_of()?)).into(),
            Marker::I32 => i64::from(i32::from_be_bytes(self.array_of()?)).into(),
            Marker::I64 => i64::from_be_bytes(self.array_of()?).into(),
            Marker::F32 => Number::from_f64(f32::from_be_bytes(self.array_of()?).into())?,
            Marker::F64 => Number::from_f64(f64::from_be_bytes(self.array_of()?))?,
            _ => {
                self.rest = start;
                Number::parse(&self.string()?)?
            }
        })
    }

    /// The code and body of an extension, if one is next.
    fn ext(&mut self) -> Result<Option<(i8, &'a [u8])>, WireError> {
        let marker = self.peek()?;
        let fixed = match marker {
            Marker::FixExt1 => Some(1),
            Marker::FixExt2 => Some(2),
            Marker::FixExt4 => Some(4),
            Marker::FixExt8 => Some(8),
            Marker::FixExt16 => Some(16),
            Marker::Ext8 | Marker::Ext16 | Marker::Ext32 => None,
            _ => return Ok(None),
        };
        self.byte()?;
        let len = fixed.or_else(|| match marker {
            Marker::Ext8 => self.len::<1>(),
            Marker::Ext16 => self.len::<2>(),
            _ => self.len::<4>(),
        });
        let short = || WireError::new("extension is cut off");
        let len = len.ok_or_else(short)?;
        let code = i8::from_be_bytes([self.byte()?]);
        Ok(Some((code, self.take(len).ok_or_else(short)?)))
    }

    /// Passes over a value.
    fn skip(&mut self, depth: usize) -> Option<()> {
        let depth = deeper(depth).ok()?;
        if self.ext().ok()?.is_some() {
            return Some(());
        }
        let parts = match self.peek().ok()? {
            Marker::Null | Marker::True | Marker::False => {
                self.byte().ok()?;
                0
            }
            Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => self.array()?,
            Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => self.map()?.checked_mul(2)?,
            Marker::FixStr(_)
            | Marker::Str8
            | Marker::Str16
            | Marker::Str32
            | Marker::Bin8
            | Marker::Bin16
            | Marker::Bin32 => {
                self.bytes()?;
                0
            }
            Marker::Reserved => return None,
            _ => {
                self.number()?;
                0
            }
        };
        for _ in 0..parts {
            self.skip(depth)?;
        }
        Some(())
    }
}
