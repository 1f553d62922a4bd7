//! A resource block, written for an object that exists.

use cty::{Type, Value};
use schema::{Attribute, AttributeType, Block, Nesting};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// The text of a block for an object: its arguments as they are, in the canonical layout. `provider` is what
/// the block has to say about its provider, if anything.
///
/// What a person has to look at is marked by comments: secrets are left out. Arguments whose use is
/// discouraged are left out too, unless they have to be given.
pub fn generated_block(
    addr: &addrs::Resource,
    provider: Option<&addrs::LocalProviderConfig>,
    block: &Block,
    object: &Value,
) -> String {
    let mut out = format!("resource {:?} {:?} {{\n", &*addr.kind, &*addr.name);
    if let Some(provider) = provider {
        let _ = writeln!(out, "provider = {provider}");
    }
    let without_id = |name: &str, attribute: &Attribute| {
        !(name == "id" && attribute.optional && attribute.computed)
    };
    write_attributes(&mut out, &block.attributes, object, &without_id);
    write_blocks(&mut out, block, object);
    out.push_str("}\n");
    hcl::format(&out).trim_end().to_owned()
}

/// The text of an expression for a value, in the canonical layout; what is unknown is written as null.
pub fn expression_text(value: &Value) -> String {
    // An argument, because the layout is that of a file.
    let mut out = "v = ".to_owned();
    write_value(&mut out, value);
    let text = hcl::format(&out);
    text.trim_end().trim_start_matches("v = ").to_owned()
}

fn write_attributes(
    out: &mut String,
    attributes: &BTreeMap<Arc<str>, Attribute>,
    object: &Value,
    wanted: &dyn Fn(&str, &Attribute) -> bool,
) {
    for (name, attribute) in attributes {
        let settable = attribute.required || attribute.optional;
        let discouraged = attribute.deprecated && !attribute.required;
        if !settable || discouraged || !wanted(name, attribute) {
            continue;
        }
        let none = Value::null(Type::Dynamic);
        let value = object.get(name).unwrap_or(&none);
        let _ = write!(out, "{name} = ");
        if attribute.write_only {
            out.push_str("null # write-only");
        } else if attribute.sensitive || value.marks().is_sensitive() {
            out.push_str("null # sensitive");
        } else {
            match &attribute.ty {
                AttributeType::Nested(nested) => write_nested(out, nested, value),
                AttributeType::Plain(_) => write_plain(out, attribute, value),
            }
        }
        out.push('\n');
    }
}

fn write_plain(out: &mut String, attribute: &Attribute, value: &Value) {
    let value = value.clone().unmark_all();
    if let Some(text) = value.as_str() {
        // Older providers store nothing as an empty string.
        if text.is_empty() && attribute.optional {
            out.push_str("null");
            return;
        }
        if let Some(inner) = json(text) {
            out.push_str("jsonencode(");
            write_value(out, &inner);
            out.push(')');
            return;
        }
    }
    write_value(out, &value);
}

/// The object or list that a text is in JSON.
fn json(text: &str) -> Option<Value> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    cty::json::decode_simple(text.as_bytes()).ok()
}

fn write_nested(out: &mut String, nested: &schema::NestedAttribute, value: &Value) {
    let write_object = |out: &mut String, value: &Value| {
        out.push_str("{\n");
        write_attributes(out, &nested.attributes, value, &|_, _| true);
        out.push('}');
    };
    if value.is_null() || !value.is_known() {
        out.push_str("null");
        return;
    }
    match nested.nesting {
        Nesting::Single | Nesting::Group => write_object(out, value),
        Nesting::List | Nesting::Set => {
            out.push_str("[\n");
            for (_, element) in value.elements() {
                write_object(out, element);
                out.push_str(",\n");
            }
            out.push(']');
        }
        Nesting::Map => {
            out.push_str("{\n");
            for (key, element) in value.elements() {
                if let Some(key) = key.as_str() {
                    let _ = write!(out, "{} = ", key_text(key));
                    write_object(out, element);
                    out.push('\n');
                }
            }
            out.push('}');
        }
    }
}

fn write_blocks(out: &mut String, block: &Block, object: &Value) {
    for (name, nested) in &block.block_types {
        if nested.block.deprecated && nested.min_items == 0 {
            continue;
        }
        let Some(value) = object.get(name) else {
            continue;
        };
        if value.is_null() || !value.is_known() {
            continue;
        }
        let single = matches!(nested.nesting, Nesting::Single | Nesting::Group);
        if value.marks().is_sensitive() {
            let _ = writeln!(out, "{name} {{}} # sensitive");
        } else if single {
            write_block(out, name, None, &nested.block, value);
        } else {
            for (key, element) in value.elements() {
                let label = key.as_str().filter(|_| nested.nesting == Nesting::Map);
                write_block(out, name, label, &nested.block, element);
            }
        }
    }
}

fn write_block(
    out: &mut String,
    name: &str,
    label: Option<&Arc<str>>,
    block: &Block,
    value: &Value,
) {
    let label = label.map_or_else(String::new, |l| format!(" {}", quoted(l)));
    let _ = writeln!(out, "{name}{label} {{");
    if !value.is_null() {
        write_attributes(out, &block.attributes, value, &|_, _| true);
        write_blocks(out, block, value);
    }
    out.push_str("}\n");
}

fn write_value(out: &mut String, value: &Value) {
    stacker::maybe_grow(32 * 1024, 1024 * 1024, || {
        if value.is_null() || !value.is_known() {
            out.push_str("null");
        } else if let Some(text) = value.as_str() {
            out.push_str(&quoted(text));
        } else if let Some(number) = value.as_number() {
            let _ = write!(out, "{number}");
        } else if let Some(truth) = value.as_bool() {
            let _ = write!(out, "{truth}");
        } else if matches!(value.ty(), Type::Map(_) | Type::Object(_)) {
            out.push('{');
            for (i, (key, element)) in value.elements().enumerate() {
                out.push_str(if i == 0 { "\n" } else { "" });
                let key = key.as_str().map_or_else(String::new, |k| key_text(k));
                let _ = write!(out, "{key} = ");
                write_value(out, element);
                out.push('\n');
            }
            out.push('}');
        } else {
            out.push('[');
            for (i, (_, element)) in value.elements().enumerate() {
                out.push_str(if i == 0 { "" } else { ", " });
                write_value(out, element);
            }
            out.push(']');
        }
    });
}

fn key_text(key: &str) -> String {
    let mut chars = key.chars();
    let starts = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    if starts && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-') {
        key.to_owned()
    } else {
        quoted(key)
    }
}

/// A string literal.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if chars.peek() == Some(&'{') => out.extend([c, c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn plain(ty: Type) -> Attribute {
        Attribute {
            ty: AttributeType::Plain(ty),
            optional: true,
            ..Attribute::default()
        }
    }

    #[test]
    fn arguments_as_they_are() {
        let computed = Attribute {
            optional: false,
            computed: true,
            ..plain(Type::String)
        };
        let id = Attribute {
            computed: true,
            ..plain(Type::String)
        };
        let secret = Attribute {
            sensitive: true,
            ..plain(Type::String)
        };
        let inner = Block::new([("n".into(), plain(Type::Number))], []);
        let rule = schema::NestedBlock {
            nesting: Nesting::List,
            block: inner,
            min_items: 0,
            max_items: 0,
        };
        let block = Block::new(
            [
                ("arn".into(), computed),
                ("id".into(), id),
                ("empty".into(), plain(Type::String)),
                ("name".into(), plain(Type::String)),
                ("policy".into(), plain(Type::String)),
                ("secret".into(), secret),
                ("tags".into(), plain(Type::Map(Arc::new(Type::String)))),
            ],
            [("rule".into(), rule)],
        );
        let object = Value::object([
            ("arn", Value::string("arn:x")),
            ("id", Value::string("i-1")),
            ("empty", Value::string("")),
            ("name", Value::string("a \"${b}\" %{c}\n\\")),
            (
                "policy",
                Value::string(r#"{"Version":"1","S":[{"a-b":true},"x y"]}"#),
            ),
            ("secret", Value::string("s")),
            (
                "tags",
                Value::map(
                    Type::String,
                    [("Name", Value::string("x")), ("a/b", Value::string("5"))]
                        .map(|(k, v)| (Arc::from(k), v)),
                ),
            ),
            (
                "rule",
                Value::list(
                    Type::object([("n", Type::Number)]),
                    vec![Value::object([("n", Value::number(1))])],
                ),
            ),
        ]);
        let addr = addrs::Resource::managed("cloud_thing", "a");
        expect![[r#"
            resource "cloud_thing" "a" {
              empty = null
              name  = "a \"$${b}\" %%{c}\n\\"
              policy = jsonencode({
                S = [{
                  a-b = true
                }, "x y"]
                Version = "1"
              })
              secret = null # sensitive
              tags = {
                Name  = "x"
                "a/b" = "5"
              }
              rule {
                n = 1
              }
            }"#]]
        .assert_eq(&generated_block(&addr, None, &block, &object));
    }
}
