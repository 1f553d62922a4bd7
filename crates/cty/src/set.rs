//! The order and identity of set elements.
//!
//! Elements stand in the order in which Go's cty iterates them, because state files and plans show
//! it: by value for primitive types, else by the bytes of a canonical text; unknown after known, null
//! last.

#[cfg(test)]
mod tests;

use crate::ops::equal;
use crate::{Data, Type, Value};
use std::cmp::Ordering;
use std::fmt::Write;

/// Sorts set elements into their order and drops those that are equal to one before.
pub(crate) fn normalize(values: Vec<Value>) -> Vec<Value> {
    if values.len() < 2 {
        return values;
    }
    let mut keyed: Vec<(Key, Value)> = values.into_iter().map(|v| (Key::of(&v), v)).collect();
    keyed.sort_by(compare);
    // Numbers that differ can share a text, so equal elements need not be neighbours; but they are
    // in the same run of equal keys.
    let mut out: Vec<(Key, Value)> = Vec::with_capacity(keyed.len());
    for element in keyed {
        let mut run = out
            .iter()
            .rev()
            .take_while(|e| element.0 != Key::Unknown && compare(e, &element).is_eq());
        if !run.any(|e| equal(&e.1, &element.1) == Some(true)) {
            out.push(element);
        }
    }
    out.into_iter().map(|(_, v)| v).collect()
}

/// Where an element is in the elements of a set.
pub(crate) fn find(values: &[Value], element: &Value) -> Option<usize> {
    if !element.is_wholly_known() {
        return None;
    }
    let wanted = (Key::of(element), element.clone());
    let start =
        values.partition_point(|v| compare(&(Key::of(v), v.clone()), &wanted) == Ordering::Less);
    values[start..]
        .iter()
        .take_while(|v| Key::of(v) == wanted.0)
        .position(|v| equal(v, element) == Some(true))
        .map(|i| start + i)
}

/// What decides an element's place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// Compared by the value itself.
    Primitive,
    Text(String),
    Unknown,
    Null,
}

impl Key {
    fn of(value: &Value) -> Self {
        match &value.data {
            Data::Null => Self::Null,
            Data::Unknown(_) => Self::Unknown,
            Data::Bool(_) | Data::Number(_) | Data::String(_) => Self::Primitive,
            Data::Seq(_) | Data::Map(_) => {
                let mut text = String::new();
                render(value, &mut text);
                Self::Text(text)
            }
        }
    }
}

fn compare(a: &(Key, Value), b: &(Key, Value)) -> Ordering {
    match (&a.1.data, &b.1.data) {
        (Data::Bool(a), Data::Bool(b)) => a.cmp(b),
        (Data::Number(a), Data::Number(b)) => a.cmp(b),
        (Data::String(a), Data::String(b)) => a.cmp(b),
        _ => a.0.cmp(&b.0),
    }
}

/// The canonical text of an element.
fn render(value: &Value, out: &mut String) {
    match &value.data {
        Data::Null => out.push('~'),
        Data::Unknown(_) => out.push('?'),
        Data::Bool(b) => out.push(if *b { 'T' } else { 'F' }),
        Data::Number(n) => out.push_str(&n.ten_digits()),
        Data::String(s) => quote(s, out),
        Data::Seq(values) => {
            let (open, close) = match value.ty() {
                Type::List(_) | Type::Set(_) => ('[', ']'),
                _ => ('<', '>'),
            };
            out.push(open);
            for value in values.iter() {
                render(value, out);
                out.push(';');
            }
            out.push(close);
        }
        Data::Map(entries) => {
            out.push('{');
            for (key, value) in entries.iter() {
                quote(key, out);
                out.push(':');
                render(value, out);
                out.push(';');
            }
            out.push('}');
        }
    }
}

/// The text as Go's `%q` writes it.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            ' '..='~' => out.push(c),
            '\0'..='\x1f' | '\x7f' => {
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c if is_printable(c) => out.push(c),
            c if (c as u32) < 0x1_0000 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => {
                let _ = write!(out, "\\U{:08x}", c as u32);
            }
        }
    }
    out.push('"');
}

/// Whether a character outside of ASCII is shown as it is. The standard library escapes the same
/// classes in its debug form (controls, separators, unassigned), and combining marks besides.
fn is_printable(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || c.escape_debug().len() == 1
}
