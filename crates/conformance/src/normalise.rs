//! The normal form of an answer: what differs from run to run is gone or has a stable name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::{Map, Value};

static UUID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").expect("a pattern")
});

/// Top-level members that say when and by whom a document was written, not what it means.
///
/// The serial counts writes, and how often a state is written during an apply is a program's own
/// affair.
const INCIDENTAL: [&str; 4] = ["terraform_version", "timestamp", "lineage", "serial"];

/// Lists whose order Terraform itself leaves to chance (it walks maps to write them).
const UNORDERED: [&str; 6] = [
    "check_results",
    "child_modules",
    "dependencies",
    "objects",
    "relevant_attributes",
    "sensitive_attributes",
];

/// Gives ids stable names in the order in which a case shows them.
#[derive(Debug, Default)]
pub struct Normaliser {
    dir: String,
    seen: BTreeMap<String, Vec<String>>,
}

impl Normaliser {
    /// Starts a case that runs in `dir`, whose path becomes `<dir>` in every answer.
    #[must_use]
    pub fn new(dir: &str) -> Self {
        Self {
            dir: dir.to_owned(),
            seen: BTreeMap::new(),
        }
    }

    /// Returns the normal form of one document: sorted keys, stable ids, nothing incidental.
    #[must_use]
    pub fn document(&mut self, value: Value) -> Value {
        let Value::Object(mut members) = value else {
            return self.value(value);
        };
        members.retain(|key, _| !INCIDENTAL.contains(&key.as_str()));
        if let Some(Value::Object(prior)) = members.get_mut("prior_state") {
            prior.retain(|key, _| key != "terraform_version");
        }
        self.value(Value::Object(members))
    }

    fn value(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(members) => {
                let mut members: Vec<_> = members.into_iter().collect();
                members.sort_by(|a, b| a.0.cmp(&b.0));
                let members: Map<_, _> = members
                    .into_iter()
                    .map(|(key, mut value)| {
                        if UNORDERED.contains(&key.as_str()) {
                            sort(&mut value);
                        }
                        let value = match (key.as_str(), &value) {
                            ("deposed" | "deposed_key", Value::String(made_up)) => {
                                Value::String(self.name("deposed", made_up))
                            }
                            _ => self.value(value),
                        };
                        (self.text(&key), value)
                    })
                    .collect();
                Value::Object(members)
            }
            other => other,
        }
    }

    fn text(&mut self, text: &str) -> String {
        let text = match self.dir.is_empty() {
            true => text.to_owned(),
            false => text.replace(&self.dir, "<dir>"),
        };
        UUID.replace_all(&text, |found: &Captures<'_>| self.name("uuid", &found[0]))
            .into_owned()
    }

    /// Returns the stable name of something made up, counted by kind.
    fn name(&mut self, kind: &str, made_up: &str) -> String {
        let seen = self.seen.entry(kind.to_owned()).or_default();
        let known = seen.iter().position(|known| known == made_up);
        let at = known.unwrap_or_else(|| {
            seen.push(made_up.to_owned());
            seen.len() - 1
        });
        format!("{kind}-{}", at + 1)
    }
}

/// Sorts a list by its elements' addresses, or by their text when they have none.
fn sort(list: &mut Value) {
    let Value::Array(items) = list else { return };
    items.sort_by_cached_key(|item| {
        let address = ["address", "config_addr", "object_addr"];
        let address = address.iter().find_map(|key| item.get(key));
        address.unwrap_or(item).to_string()
    });
}

/// Reads JSON without losing digits: a number that a machine number cannot hold exactly, or
/// spells differently, becomes the string `number <as written>`.
///
/// # Errors
/// Fails on text that is not JSON.
pub fn parse_exact(text: &str) -> Result<Value, serde_json::Error> {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        safe.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = if rest.starts_with('"') {
            string_end(rest)
        } else {
            number_end(rest)
        };
        let token = &rest[..end];
        if token.starts_with('"') || is_exact(token) {
            safe.push_str(token);
        } else {
            safe.push_str("\"number ");
            safe.push_str(token);
            safe.push('"');
        }
        rest = &rest[end..];
    }
    safe.push_str(rest);
    serde_json::from_str(&safe)
}

fn is_exact(number: &str) -> bool {
    let read = serde_json::from_str::<Value>(number);
    read.map(|value| value.to_string())
        .is_ok_and(|written| written == number)
}

fn number_end(text: &str) -> usize {
    text.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
        .unwrap_or(text.len())
}

fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn ids_get_names_in_order_of_appearance_and_incidentals_go() {
        let text = r#"{
            "serial": 3, "lineage": "00000000-0000-0000-0000-00000000000f",
            "b": ["11111111-2222-3333-4444-555555555555 in /w/x"],
            "a": {"serial": 1, "66666666-2222-3333-4444-555555555555": "11111111-2222-3333-4444-555555555555"}
        }"#;
        let mut normaliser = Normaliser::new("/w/x");
        let first = normaliser.document(parse_exact(text).unwrap());
        let again = normaliser.document(Value::from("66666666-2222-3333-4444-555555555555"));
        expect![[r#"{"a":{"uuid-2":"uuid-1","serial":1},"b":["uuid-1 in <dir>"]}"#]]
            .assert_eq(&first.to_string());
        expect![[r#""uuid-2""#]].assert_eq(&again.to_string());
    }

    #[test]
    fn numbers_keep_their_digits() {
        let text = r#"{"s":"1e5 \" 10000000000000000000001","n":[0,-1,1.5,10000000000000000000001,0.10,1e+30]}"#;
        expect![[r#"{"s":"1e5 \" 10000000000000000000001","n":[0,-1,1.5,"number 10000000000000000000001","number 0.10",1e+30]}"#]]
            .assert_eq(&parse_exact(text).unwrap().to_string());
        assert!(parse_exact("{1").is_err());
    }
}
