//! `jsonencode` and `jsondecode`.

mod parse;

use crate::define::{failed, function, param, text};
use cty::{Refinement, Type, Value};
use hcl::Function;

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    vec![("jsondecode", jsondecode()), ("jsonencode", jsonencode())]
}

fn jsondecode() -> Function {
    function([param("str", Type::String)])
        .maybe_null()
        .call(|args| {
            parse::parse(text(args, 0)?).map_err(|e| failed(format!("this is not valid JSON: {e}")))
        })
}

fn jsonencode() -> Function {
    function([param("val", Type::Dynamic).nullable().unknown().dynamic()])
        .returns(Type::String)
        .call(|args| {
            let value = &args[0];
            if value.is_wholly_known() {
                return Ok(Value::string(encode(value)));
            }
            // The type tells the first character, if the value cannot be null.
            let prefix = match value.ty() {
                _ if !value.is_definitely_not_null() => "",
                Type::String => "\"",
                Type::Object(_) | Type::Map(_) => "{",
                Type::List(_) | Type::Set(_) | Type::Tuple(_) => "[",
                _ => "",
            };
            let refinement = Refinement {
                not_null: true,
                prefix: prefix.into(),
                ..Refinement::default()
            };
            Ok(Value::unknown_refined(Type::String, refinement))
        })
}

/// A wholly known value as compact JSON, with the characters escaped that matter in HTML.
pub(crate) fn encode(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    if let Some(s) = value.as_str() {
        write_string(s, out);
    } else if let Some(n) = value.as_number() {
        out.push_str(&n.to_string());
    } else if let Some(b) = value.as_bool() {
        out.push_str(if b { "true" } else { "false" });
    } else if value.len().is_none() {
        out.push_str("null");
    } else {
        let named = matches!(value.ty(), Type::Map(_) | Type::Object(_));
        out.push(if named { '{' } else { '[' });
        for (i, (key, element)) in value.elements().enumerate() {
            if i > 0 {
                out.push(',');
            }
            if let Some(key) = key.as_str().filter(|_| named) {
                write_string(key, out);
                out.push(':');
            }
            write(element, out);
        }
        out.push(if named { '}' } else { ']' });
    }
}

fn write_string(s: &str, out: &mut String) {
    out.push('"');
    for c in s.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
