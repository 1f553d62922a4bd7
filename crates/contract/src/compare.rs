//! Differences between objects, and between inventories, as text.

use serde_json::Value;
use states::{Object, State};
use std::collections::{BTreeMap, BTreeSet};

/// What differs between two stored objects: a line per attribute.
pub(crate) fn attributes(before: &[u8], after: &[u8], without: &[&str]) -> Vec<String> {
    let read = |text| serde_json::from_slice::<BTreeMap<String, Value>>(text).unwrap_or_default();
    let (before, after) = (read(before), read(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let show = |value: Option<&Value>| value.map_or("(none)".to_owned(), Value::to_string);
    names
        .into_iter()
        .filter(|name| !without.contains(&name.as_str()))
        .filter(|name| plain(before.get(*name)) != plain(after.get(*name)))
        .map(|name| {
            let (before, after) = (show(before.get(name)), show(after.get(name)));
            format!("{name}: {before} -> {after}")
        })
        .collect()
}

/// A value in which a collection with nothing in it is null: hashicorp's providers store the one or the other.
fn plain(value: Option<&Value>) -> Value {
    match value {
        None => Value::Null,
        Some(Value::Array(values)) if values.is_empty() => Value::Null,
        Some(Value::Object(map)) if map.is_empty() => Value::Null,
        Some(Value::Array(values)) => values.iter().map(|value| plain(Some(value))).collect(),
        Some(Value::Object(map)) => {
            let entries = map.iter();
            let entries = entries.map(|(key, value)| (key.clone(), plain(Some(value))));
            Value::Object(entries.collect())
        }
        Some(value) => value.clone(),
    }
}

/// What differs between the current objects of two states.
pub(crate) fn states(before: &State, after: &State) -> Vec<String> {
    let objects = |state: &State| -> BTreeMap<String, std::sync::Arc<Object>> {
        let current = state
            .instances()
            .filter_map(|(addr, _, instance)| Some((addr.to_string(), instance.current.clone()?)));
        current.collect()
    };
    let (before, after) = (objects(before), objects(after));
    let addresses: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut lines = Vec::new();
    for address in addresses {
        match (before.get(address), after.get(address)) {
            (Some(before), Some(after)) => {
                let differences = attributes(&before.attributes, &after.attributes, &[]);
                lines.extend(differences.iter().map(|line| format!("{address}: {line}")));
            }
            (Some(_), None) => lines.push(format!("{address} is gone")),
            (None, _) => lines.push(format!("{address} is new")),
        }
    }
    lines
}

/// What differs between two inventories: what is there more often, and less often. Generated ids count as equal.
pub(crate) fn inventories(before: &BTreeSet<String>, after: &BTreeSet<String>) -> Vec<String> {
    let (before, after) = (kinds(before), kinds(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let count = |kinds: &BTreeMap<String, usize>, name| kinds.get(name).copied().unwrap_or(0);
    names
        .into_iter()
        .map(|name| (name, count(&before, name), count(&after, name)))
        .filter(|(_, before, after)| before != after)
        .map(|(name, before, after)| format!("{name}: {before} -> {after}"))
        .collect()
}

/// How often each path is there, without the parts of ids that are generated: long hexadecimal numbers, and the ids of
/// associations of EKS.
fn kinds(paths: &BTreeSet<String>) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for path in paths {
        let words = path.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
        let kind: String = words
            .map(|word| {
                let name = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
                let mixed = name.bytes().any(|b| b.is_ascii_digit())
                    && name
                        .bytes()
                        .all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
                let generated = (name.len() == 17 && mixed)
                    || (name.len() >= 8 && name.bytes().all(|b| b.is_ascii_hexdigit()));
                match generated {
                    true => format!("*{}", &word[name.len()..]),
                    false => word.to_owned(),
                }
            })
            .collect();
        *kinds.entry(kind).or_default() += 1;
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_that_differ_are_told() {
        let told = attributes(
            br#"{"a":1,"b":[2],"c":3}"#,
            br#"{"a":1,"b":[],"d":4}"#,
            &["c"],
        );
        assert_eq!(told, ["b: [2] -> []", "d: (none) -> 4"]);
    }

    #[test]
    fn generated_ids_are_equal_and_counted() {
        let set = |paths: &[&str]| paths.iter().map(|p| (*p).to_owned()).collect();
        let before = set(&["vpcs/vpc-0a1b2c3d4e5f60718", "roles/deadbeef", "roles/one"]);
        let after = set(&["vpcs/vpc-9a1b2c3d4e5f60718", "vpcs/vpc-8a1b2c3d4e5f60718"]);
        assert_eq!(
            inventories(&before, &after),
            ["roles/*: 1 -> 0", "roles/one: 1 -> 0", "vpcs/vpc-*: 1 -> 2"]
        );
    }
}
