//! An output value as state files and journals write it.

use crate::OutputValue;
use crate::json_text::{push_json, push_line};
use cty::Type;
use serde::Deserialize;
use serde_json::value::RawValue;

/// An output value as it stands in the text.
#[derive(Deserialize)]
pub(crate) struct OutputText<'a> {
    #[serde(borrow)]
    value: &'a RawValue,
    #[serde(rename = "type", borrow)]
    ty: &'a RawValue,
    #[serde(default)]
    sensitive: bool,
}

impl<'a> OutputText<'a> {
    /// A piece of the source text inside it, to find where it stands.
    pub(crate) fn anchor(&self) -> &'a str {
        self.value.get()
    }

    /// The value. The error says what is wrong with it.
    pub(crate) fn into_value(self) -> Result<OutputValue, String> {
        let ty = Type::from_json(self.ty.get()).map_err(|e| format!("its type: {e}"))?;
        let value = cty::json::decode(self.value.get(), &ty).map_err(|e| e.to_string())?;
        Ok(OutputValue {
            value,
            sensitive: self.sensitive,
        })
    }
}

/// Appends an output value, its members on lines of their own at `depth`, or without space.
///
/// A value that no file can hold (it is not known) is written as null.
pub(crate) fn push_output(out: &mut Vec<u8>, output: &OutputValue, depth: Option<usize>) {
    let colon = if depth.is_some() { ": " } else { ":" };
    let member = |out: &mut Vec<u8>, name: &str, json: &str| {
        out.push(if name == "value" { b'{' } else { b',' });
        if let Some(depth) = depth {
            push_line(out, depth);
        }
        out.extend_from_slice(format!("\"{name}\"{colon}").as_bytes());
        push_json(out, json.as_bytes(), depth);
    };
    let value = output.value.clone().unmark_all();
    let json = cty::json::encode(&value, value.ty());
    member(out, "value", json.as_deref().unwrap_or("null"));
    member(out, "type", &value.ty().to_json());
    if output.sensitive {
        member(out, "sensitive", "true");
    }
    if let Some(depth) = depth {
        push_line(out, depth.saturating_sub(1));
    }
    out.push(b'}');
}
