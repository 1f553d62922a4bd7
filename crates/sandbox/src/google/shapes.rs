//! The messages that requests hold: which fields there are, of which types.
//!
//! `shapes.txt` has a line per message and per enumeration. A body that has an unknown field, a value of the wrong type
//! or an unknown name of an enumeration is refused as the real services refuse it; fields in snake case come out in
//! camel case, enumerations given by number come out by name, 64-bit numbers come out as text.

use super::failure::Failure;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

type Fields = BTreeMap<&'static str, &'static str>;

static SHAPES: LazyLock<BTreeMap<&'static str, Fields>> = LazyLock::new(|| {
    let lines = include_str!("shapes.txt").lines();
    lines
        .filter(|line| !line.starts_with(['#', '@']))
        .filter_map(|line| {
            let mut words = line.split(' ');
            let name = words.next()?.trim_start_matches('~');
            Some((
                name,
                words.filter_map(|word| word.split_once(':')).collect(),
            ))
        })
        .collect()
});

/// Names and numbers.
type Values = Vec<(&'static str, Option<i64>)>;

static ENUMERATIONS: LazyLock<BTreeMap<&'static str, Values>> = LazyLock::new(|| {
    let lines = include_str!("shapes.txt").lines();
    lines
        .filter_map(|line| line.strip_prefix('@')?.split_once(' '))
        .map(|(name, values)| {
            let value = |word: &'static str| match word.split_once('=') {
                Some((name, number)) => (name, number.parse().ok()),
                None => (word, None),
            };
            (name, values.split(' ').map(value).collect())
        })
        .collect()
});

/// The messages in which a default is none.
static IMPLICIT: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("shapes.txt").lines();
    lines
        .filter_map(|line| line.strip_prefix('~')?.split(' ').next())
        .collect()
});

/// Whether a message has a field.
pub(super) fn has(shape: &str, field: &str) -> bool {
    SHAPES
        .get(shape)
        .is_some_and(|fields| fields.contains_key(field))
}

/// A body as a message of that name.
pub(super) fn check(shape: &str, body: &Value) -> Result<Map<String, Value>, Failure> {
    message(shape, body, "")
}

fn message(shape: &str, value: &Value, path: &str) -> Result<Map<String, Value>, Failure> {
    let Value::Object(given) = value else {
        return Err(mistyped(path, shape, value));
    };
    let Some(fields) = SHAPES.get(shape) else {
        return Ok(given.clone());
    };
    let mut out = Map::new();
    for (name, value) in given {
        let camel = camel(name);
        let Some(of) = fields.get(camel.as_str()) else {
            // Annotations that some clients send along.
            if name == "@type" {
                continue;
            }
            let at = match path {
                "" => String::new(),
                path => format!(" at '{path}'"),
            };
            let message = format!(
                "Invalid JSON payload received. Unknown name \"{name}\"{at}: Cannot find field."
            );
            return Err(Failure::invalid_argument(message));
        };
        let at = match path {
            "" => snake(&camel),
            path => format!("{path}.{}", snake(&camel)),
        };
        if !value.is_null() {
            let explicit = of.starts_with('!') || !IMPLICIT.contains(shape);
            let value = typed(of.trim_start_matches('!'), value, &at)?;
            if explicit || !is_default(of, &value) {
                out.insert(camel, value);
            }
        } else if shape_allows_null(of) {
            out.insert(camel, Value::Null);
        }
    }
    Ok(out)
}

/// Whether a value is what a field has of which nothing is said. Messages are never.
fn is_default(of: &str, value: &Value) -> bool {
    match value {
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) if of == "l" => text == "0",
        Value::String(text) => {
            let values = of.strip_prefix('@').and_then(|of| ENUMERATIONS.get(of));
            let zero =
                values.and_then(|values| values.iter().find(|(_, number)| *number == Some(0)));
            text.is_empty() || zero.is_some_and(|(name, _)| name == text)
        }
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => of.starts_with('%') && entries.is_empty(),
        Value::Null => true,
    }
}

/// A null clears a field of a patch; only where the services look at it.
fn shape_allows_null(of: &str) -> bool {
    !of.starts_with('*')
}

fn typed(of: &str, value: &Value, path: &str) -> Result<Value, Failure> {
    if let Some(of) = of.strip_prefix('*') {
        let Value::Array(items) = value else {
            return Err(mistyped(path, "list", value));
        };
        let item = |(at, item): (usize, &Value)| typed(of, item, &format!("{path}[{at}]"));
        return Ok(Value::Array(
            items
                .iter()
                .enumerate()
                .map(item)
                .collect::<Result<_, _>>()?,
        ));
    }
    if let Some(of) = of.strip_prefix('%') {
        let Value::Object(entries) = value else {
            return Err(mistyped(path, "map", value));
        };
        let entry = |(key, value): (&String, &Value)| {
            Ok((key.clone(), typed(of, value, &format!("{path}[{key}]"))?))
        };
        return Ok(Value::Object(
            entries.iter().map(entry).collect::<Result<_, _>>()?,
        ));
    }
    if let Some(of) = of.strip_prefix('@') {
        return enumerated(of, value, path);
    }
    let right = match of {
        "?" => true,
        "s" => value.is_string(),
        "b" => value.is_boolean(),
        "n" => value.is_number(),
        "i" => {
            return number(value)
                .map(Value::from)
                .ok_or_else(|| mistyped(path, "TYPE_INT32", value));
        }
        "l" => {
            let number = number(value).ok_or_else(|| mistyped(path, "TYPE_INT64", value))?;
            return Ok(Value::String(number.to_string()));
        }
        shape => return message(shape, value, path).map(Value::Object),
    };
    let names = [
        ("s", "TYPE_STRING"),
        ("b", "TYPE_BOOL"),
        ("n", "TYPE_DOUBLE"),
    ];
    let name = names
        .iter()
        .find(|(key, _)| *key == of)
        .map_or(of, |(_, name)| name);
    right
        .then(|| value.clone())
        .ok_or_else(|| mistyped(path, name, value))
}

fn enumerated(of: &str, value: &Value, path: &str) -> Result<Value, Failure> {
    let values = ENUMERATIONS.get(of).map(Vec::as_slice).unwrap_or_default();
    let named = match value {
        Value::String(name) => values.iter().find(|(known, _)| known == name),
        Value::Number(number) => {
            let number = number.as_i64();
            values
                .iter()
                .find(|(_, known)| known.is_some() && *known == number)
        }
        _ => None,
    };
    named
        .map(|(name, _)| Value::from(*name))
        .ok_or_else(|| mistyped(path, "TYPE_ENUM", value))
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            number
                .as_f64()
                .filter(|float| float.fract() == 0.0)
                .map(|float| float as i64)
        }),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn mistyped(path: &str, of: &str, value: &Value) -> Failure {
    Failure::invalid_argument(format!("Invalid value at '{path}' ({of}), {value}"))
}

/// `ipCidrRange` -> `ip_cidr_range`.
pub(super) fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// `ip_cidr_range` -> `ipCidrRange`; what has no underscores stays as it is.
pub(super) fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for letter in name.chars() {
        match letter {
            '_' => upper = true,
            letter if upper => {
                out.push(letter.to_ascii_uppercase());
                upper = false;
            }
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_shape_names_what_exists() {
        for (shape, fields) in &*SHAPES {
            for (field, of) in fields {
                let of = of.trim_start_matches(['*', '%', '!']);
                let exists = match of.strip_prefix('@') {
                    Some(of) => ENUMERATIONS.contains_key(of),
                    None => ["s", "b", "i", "l", "n", "?"].contains(&of) || SHAPES.contains_key(of),
                };
                assert!(exists, "{shape}.{field}: {of}");
            }
        }
    }

    #[test]
    fn bodies_are_normalized() {
        let body = json!({"cluster": {"initial_node_count": 3, "releaseChannel": {"channel": 2},
            "nodeConfig": {"labels": {"a_b": "c"}, "bootDisk": {"sizeGb": 7}}}});
        let expected = json!({"cluster": {"initialNodeCount": 3, "releaseChannel": {"channel": "REGULAR"},
            "nodeConfig": {"labels": {"a_b": "c"}, "bootDisk": {"sizeGb": "7"}}}});
        let checked = check("CreateClusterRequest", &body).expect("it is right");
        assert_eq!(Value::Object(checked), expected);
    }

    #[test]
    fn what_is_wrong_is_refused() {
        let cases = [
            (
                json!({"nme": "a"}),
                "Unknown name \"nme\": Cannot find field.",
            ),
            (
                json!({"mtu": "x"}),
                "Invalid value at 'mtu' (TYPE_INT32), \"x\"",
            ),
            (
                json!({"autoCreateSubnetworks": "yes"}),
                "(TYPE_BOOL), \"yes\"",
            ),
            (
                json!({"routingConfig": {"routingMode": "SOMETIMES"}}),
                "'routing_config.routing_mode' (TYPE_ENUM)",
            ),
            (
                json!({"peerings": [{"nam": "a"}]}),
                "Unknown name \"nam\" at 'peerings[0]'",
            ),
        ];
        for (body, expected) in cases {
            let failure = check("Network", &body).expect_err("it is wrong");
            let text = format!("{failure:?}").replace("\\\"", "\"");
            assert!(text.contains(expected), "{text}");
        }
    }
}
