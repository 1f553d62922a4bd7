//! Stable names for what a cloud makes up: ids, addresses, times.
//!
//! Two runs of the same configuration get different ids. Each is named after the attribute that
//! holds it (`<aws_vpc.this.id>`), so that two plans can be compared however their ids sort.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;

static GENERATED: LazyLock<Regex> = LazyLock::new(|| {
    let patterns = [
        "[A-Za-z0-9+/=]{200,}",
        "(?:[a-z]+-)*[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        r"\b(?:[a-z]+-)+[0-9a-f]{8,40}\b",
        r"\b(?:sg|a)-[0-9a-z]{17}\b",
        r"\b[A-Z0-9]{16,32}\b",
        r"\b[A-Za-z0-9]{20}\.[a-z0-9]{3}\.",
        r"\d+\.\d+\.\d+\.\d+(?:/\d+)?",
        r"\b(?:ip|ec2)-\d+-\d+-\d+-\d+\b",
    ];
    Regex::new(&patterns.join("|")).expect("a pattern")
});

/// Times are not told apart: two things may be made in the same second, or not.
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.0-9]*(?:Z| ?[+]\d\d:?\d\d)?(?: UTC)?";
    Regex::new(pattern).expect("a pattern")
});

/// Returns the document with every generated text replaced by its name.
pub(crate) fn name_generated(plan: &Value) -> Value {
    let mut names = BTreeMap::new();
    let mut resources = Vec::new();
    collect_resources(plan, &mut resources);
    resources.sort_by(|a, b| a.0.cmp(&b.0));
    // Ids first: a thing is called by its own name, not by that of its first user.
    for only_id in [true, false] {
        for (address, values) in &resources {
            name_leaves(address, values, only_id, &mut names);
        }
    }
    rename(plan, &mut names)
}

/// Finds the attributes of every resource instance, wherever the plan shows them.
fn collect_resources<'a>(value: &'a Value, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_resources(item, found)),
        Value::Object(members) => {
            if let Some(address) = members.get("address").and_then(Value::as_str) {
                let change = members.get("change");
                let shown = [
                    members.get("values"),
                    change.and_then(|change| change.get("before")),
                    change.and_then(|change| change.get("after")),
                ];
                let shown = shown.into_iter().flatten();
                found.extend(shown.map(|values| (address.to_owned(), values)));
            }
            members
                .values()
                .for_each(|member| collect_resources(member, found));
        }
        _ => {}
    }
}

fn name_leaves(path: &str, value: &Value, only_id: bool, names: &mut BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            for found in GENERATED
                .find_iter(text)
                .filter(|found| is_generated(found.as_str()))
            {
                let free = (1..)
                    .map(|n| {
                        if n == 1 {
                            format!("<{path}>")
                        } else {
                            format!("<{path} #{n}>")
                        }
                    })
                    .find(|name| !names.values().any(|taken| taken == name));
                if let Some(name) = free {
                    names.entry(found.as_str().to_owned()).or_insert(name);
                }
            }
        }
        // In longer lists the place says nothing: sets are sorted by their generated members.
        Value::Array(items) if items.len() == 1 && !only_id => {
            name_leaves(&format!("{path}[0]"), &items[0], only_id, names);
        }
        Value::Object(members) => {
            for (key, member) in members.iter().filter(|(key, _)| !only_id || *key == "id") {
                name_leaves(&format!("{path}.{key}"), member, only_id, names);
            }
        }
        _ => {}
    }
}

/// Tells made-up addresses from the ranges that the configuration gives.
fn is_generated(text: &str) -> bool {
    !text.contains('/')
}

fn rename(value: &Value, names: &mut BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => {
            let text = TIME.replace_all(text, "<time>");
            let renamed = GENERATED.replace_all(&text, |found: &Captures<'_>| {
                let text = &found[0];
                if !is_generated(text) {
                    return text.to_owned();
                }
                let next = format!("<generated {}>", names.len() + 1);
                names.entry(text.to_owned()).or_insert(next).clone()
            });
            Value::String(renamed.into_owned())
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(|item| rename(item, names)).collect();
            if items
                .iter()
                .all(|item| item.as_str().is_some_and(|text| text.contains('<')))
            {
                items.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            }
            Value::Array(items)
        }
        Value::Object(members) => members
            .iter()
            .map(|(key, member)| {
                let mut member = rename(member, names);
                // Terraform keeps these paths in a hash set: their order means nothing.
                if key == "replace_paths"
                    && let Value::Array(paths) = &mut member
                {
                    paths.sort_by_key(ToString::to_string);
                }
                (key.clone(), member)
            })
            .collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_are_called_after_their_owners_and_ranges_stay() {
        let plan = |a: &str, b: &str, ids: [&str; 2]| {
            json!({ "resource_changes": [
                { "address": "lb.x", "change": { "before": null, "after": { "subnets": ids, "cidr": "10.0.0.0/16" } } },
                { "address": "subnet.a", "change": { "before": { "id": a, "arn": format!("arn:{a}") }, "after": null } },
                { "address": "subnet.b", "change": { "before": { "id": b }, "after": null } },
            ]})
        };
        let (a, b) = ("subnet-00000000aaaaaaaa1", "subnet-00000000bbbbbbbb2");
        let one = name_generated(&plan(a, b, [a, b]));
        let two = name_generated(&plan(b, a, [a, b]));
        assert_eq!(one, two);
        let texts = json!([
            "eks-00000000-aaaa-bbbb-cccc-111111111111",
            "2026-11-24T22:20:41Z, 2026-11-24 22:20:42.5 +0000 UTC",
            "a".repeat(200),
        ]);
        assert_eq!(
            name_generated(&texts),
            json!(["<generated 1>", "<generated 2>", "<time>, <time>"])
        );
        assert_eq!(
            one["resource_changes"][0]["change"]["after"],
            json!({ "subnets": ["<subnet.a.id>", "<subnet.b.id>"], "cidr": "10.0.0.0/16" })
        );
    }
}
