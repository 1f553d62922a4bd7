//! Which parts of a value are sensitive, as plans and states show it.

use crate::json_text::push_string;
use cty::{Type, Value};

/// The shape of the value with `true` where a part is sensitive, as JSON.
///
/// Objects and maps leave out what has nothing sensitive to it and no parts; lists, sets and tuples
/// keep their length. What is unknown is like what is empty.
pub fn sensitive_values(value: &Value) -> String {
    let mut out = Vec::new();
    push(&mut out, value);
    String::from_utf8_lossy(&out).into_owned()
}

/// Values are nested no deeper than what was read or evaluated, which is limited.
fn push(out: &mut Vec<u8>, value: &Value) {
    if value.marks().is_sensitive() {
        out.extend_from_slice(b"true");
    } else if value.is_null() || value.ty().is_primitive() || *value.ty() == Type::Dynamic {
        out.extend_from_slice(b"false");
    } else if matches!(value.ty(), Type::Object(_) | Type::Map(_)) {
        out.push(b'{');
        let mut empty = true;
        for (name, part) in value.elements() {
            let start = out.len();
            if !empty {
                out.push(b',');
            }
            push_string(out, name.as_str().map_or("", |name| name));
            out.push(b':');
            let shape = out.len();
            push(out, part);
            if &out[shape..] == b"false" {
                out.truncate(start);
            } else {
                empty = false;
            }
        }
        out.push(b'}');
    } else {
        out.push(b'[');
        for (i, (_, part)) in value.elements().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            push(out, part);
        }
        out.push(b']');
    }
}
