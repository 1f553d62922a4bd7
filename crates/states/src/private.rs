//! What groma's own providers say to the engine in an object's private bytes.
//!
//! Providers of others put what they like there, so that anything else says nothing.

use serde_json::Value;

/// Whether bytes of a planned create say that it can be repeated without making a second object, when
/// they are given back to the provider (`groma.create`).
pub fn can_be_resumed(private: &[u8]) -> bool {
    said(private, "create").is_some_and(|v| v.is_object())
}

/// Whether an object is to be read once more when it is safely in the state (`groma.settle`).
pub fn asks_to_settle(private: &[u8]) -> bool {
    said(private, "settle").is_some_and(|v| v == Value::Bool(true))
}

fn said(private: &[u8], what: &str) -> Option<Value> {
    // Most bytes are not for us, and are not worth parsing.
    if !private.windows(7).any(|w| w == b"\"groma\"") {
        return None;
    }
    let mut all: Value = serde_json::from_slice(private).ok()?;
    all.get_mut("groma")?.get_mut(what).map(Value::take)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_meant_for_us() {
        for (text, create, settle) in [
            (r#"{"groma":{"create":{"token":"t"}},"x":1}"#, true, false),
            (r#"{"groma":{"settle":true}}"#, false, true),
            (r#"{"groma":{"settle":"true","create":1}}"#, false, false),
            (r#"{"x":"\"groma\""}"#, false, false),
            (r#"{"groma":"#, false, false),
            (r#"["groma"]"#, false, false),
            ("", false, false),
        ] {
            assert_eq!(
                (
                    can_be_resumed(text.as_bytes()),
                    asks_to_settle(text.as_bytes())
                ),
                (create, settle),
                "{text}"
            );
        }
    }
}
