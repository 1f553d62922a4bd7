//! Values as a console shows them.

use cty::{Type, Value};

/// The text of a value.
pub(crate) fn show(value: &Value) -> String {
    let mut out = String::new();
    write(value, 0, &mut out);
    out
}

fn write(value: &Value, indent: usize, out: &mut String) {
    if !value.is_known() {
        out.push_str("(known after apply)");
    } else if value.marks().is_sensitive() {
        out.push_str("(sensitive value)");
    } else if value.is_null() {
        out.push_str(&match value.ty() {
            Type::Bool => "tobool(null)".to_owned(),
            Type::Number => "tonumber(null)".to_owned(),
            Type::String => "tostring(null)".to_owned(),
            Type::List(e) => format!("tolist(null) /* of {} */", e.friendly_name()),
            Type::Set(e) => format!("toset(null) /* of {} */", e.friendly_name()),
            Type::Map(e) => format!("tomap(null) /* of {} */", e.friendly_name()),
            Type::Object(_) => "null /* object */".to_owned(),
            Type::Tuple(_) => "null /* tuple */".to_owned(),
            Type::Dynamic => "null".to_owned(),
        });
    } else if let Some(s) = value.as_str() {
        write_string(s, indent, out);
    } else if let Some(n) = value.as_number() {
        out.push_str(&match (n.is_infinite(), n.is_negative()) {
            (true, false) => "+Inf".to_owned(),
            (true, true) => "-Inf".to_owned(),
            _ => n.to_string(),
        });
    } else if let Some(b) = value.as_bool() {
        out.push_str(&b.to_string());
    } else {
        let (open, close) = match value.ty() {
            Type::List(_) => ("tolist([", "])"),
            Type::Set(_) => ("toset([", "])"),
            Type::Map(_) => ("tomap({", "})"),
            Type::Object(_) => ("{", "}"),
            _ => ("[", "]"),
        };
        out.push_str(open);
        if !value.is_empty() {
            let named = matches!(value.ty(), Type::Map(_) | Type::Object(_));
            for (key, element) in value.elements() {
                new_line(indent + 2, out);
                if named {
                    out.push_str(&format!("{} = ", quote(key.as_str().unwrap())));
                }
                write(element, indent + 2, out);
                if !named {
                    out.push(',');
                }
            }
            new_line(indent, out);
        }
        out.push_str(close);
    }
}

fn new_line(indent: usize, out: &mut String) {
    out.push('\n');
    out.push_str(&" ".repeat(indent));
}

fn write_string(s: &str, indent: usize, out: &mut String) {
    if !s.contains('\n') {
        out.push_str(&quote(s));
        return;
    }
    out.push_str(if indent == 0 { "<<EOT" } else { "<<-EOT" });
    for line in s.split('\n') {
        new_line(indent, out);
        out.push_str(line);
    }
    new_line(indent, out);
    out.push_str("EOT");
}

/// With the escapes of a Go string literal.
fn quote(s: &str) -> String {
    let mut out = String::from("\"");
    for c in s.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", c as u32)),
            '\u{80}'..='\u{a0}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
