//! Values of which not everything is known, and paths.

use cty::json::{encode_simple, write_string};
use cty::{Path, Step, Type, Value};

/// Appends the value as JSON without what is unknown in it: attributes and keys are left out,
/// elements of sequences are null. Nothing is appended (`false`) if the value itself is unknown.
pub fn known_values(value: &Value, out: &mut String) -> bool {
    if !value.is_known() {
        return false;
    }
    if value.is_wholly_known() {
        let json = encode_simple(&value.clone().unmark_all());
        out.push_str(json.as_deref().unwrap_or("null"));
        return true;
    }
    if matches!(value.ty(), Type::Object(_) | Type::Map(_)) {
        out.push('{');
        for (name, part) in value.elements() {
            if part.is_known() {
                push_key(&name, out);
                known_values(part, out);
            }
        }
        out.push('}');
    } else {
        out.push('[');
        for (_, part) in value.elements() {
            push_comma(out);
            if !known_values(part, out) {
                out.push_str("null");
            }
        }
        out.push(']');
    }
    true
}

/// Appends the shape of the value with `true` where a part is unknown. Objects and maps leave out what
/// is known and has no parts.
pub fn unknown_values(value: &Value, out: &mut String) {
    if !value.is_known() {
        out.push_str("true");
    } else if !has_parts(value) {
        out.push_str("false");
    } else if matches!(value.ty(), Type::Object(_) | Type::Map(_)) {
        out.push('{');
        for (name, part) in value.elements() {
            if !part.is_known() || has_parts(part) {
                push_key(&name, out);
                unknown_values(part, out);
            }
        }
        out.push('}');
    } else {
        out.push('[');
        for (_, part) in value.elements() {
            push_comma(out);
            unknown_values(part, out);
        }
        out.push(']');
    }
}

fn has_parts(value: &Value) -> bool {
    value.len().is_some()
}

/// Appends the steps as an array of names, indices and keys.
pub(super) fn push_path(path: &Path, out: &mut String) {
    out.push('[');
    for step in path.steps() {
        push_comma(out);
        match step {
            Step::Attr(name) => write_string(name, out),
            Step::Index(key) => {
                if !known_values(key, out) {
                    out.push_str("null");
                }
            }
        }
    }
    out.push(']');
}

fn push_comma(out: &mut String) {
    if !out.ends_with('[') {
        out.push(',');
    }
}

fn push_key(name: &Value, out: &mut String) {
    if !out.ends_with('{') {
        out.push(',');
    }
    write_string(name.as_str().map_or("", |n| n), out);
    out.push(':');
}
