//! What there is, kind by kind and name by name: to see that nothing is left over and nothing is there twice.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What is kept beside the objects: what a region has of itself, sequences, memories of requests, operations, indexes.
const NO_OBJECTS: [&str; 14] = [
    "deleted",
    "dhcp_options",
    "ids",
    "leaving",
    "long",
    "next",
    "operations",
    "origin",
    "remembered",
    "request_ids",
    "requests",
    "tokens",
    "updates",
    "uses",
];

/// Adds everything that exists, as paths: `aws/ec2/us-east-1/vpcs/vpc-1`. Parts of objects are listed as well.
pub(crate) fn collect(cloud: &str, objects: Value, paths: &mut BTreeSet<String>) {
    // The tags of what is gone are gone with it.
    let gone = gone(&objects);
    let mut left = vec![(cloud.to_owned(), objects)];
    while let Some((path, value)) = left.pop() {
        match value {
            Value::Object(map) => {
                for (name, part) in map {
                    if NO_OBJECTS.contains(&&*name)
                        || part.as_object().is_some_and(is_gone)
                        || path.ends_with("/tags") && gone.contains(&name)
                    {
                        continue;
                    }
                    let path = format!("{path}/{name}");
                    if part.is_object() {
                        paths.insert(path.clone());
                    }
                    left.push((path, part));
                }
            }
            Value::Array(items) => {
                for (number, item) in items.into_iter().enumerate() {
                    let path = format!("{path}/{number}");
                    paths.insert(path.clone());
                    left.push((path, item));
                }
            }
            _ => {}
        }
    }
}

/// The names of the objects that are only still shown.
fn gone(objects: &Value) -> BTreeSet<String> {
    let mut gone = BTreeSet::new();
    let mut left = vec![objects];
    while let Some(value) = left.pop() {
        match value {
            Value::Object(map) => {
                for (name, part) in map {
                    if part.as_object().is_some_and(is_gone) {
                        gone.insert(name.clone());
                    }
                    left.push(part);
                }
            }
            Value::Array(items) => left.extend(items),
            _ => {}
        }
    }
    gone
}

/// Whether an object is only still shown.
fn is_gone(object: &Map<String, Value>) -> bool {
    let mut state = ["state", "status"].iter().filter_map(|n| object.get(*n));
    state.any(|s| {
        s.as_str()
            .is_some_and(|s| s.eq_ignore_ascii_case("deleted"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn objects_and_their_parts_are_listed() {
        let objects = json!({
            "ids": {"next": 7},
            "ec2": {"vpcs": {
                "vpc-1": {"cidrs": ["10.0.0.0/16"], "state": "available"},
                "vpc-2": {"state": "DELETED", "parts": {}},
            }, "tags": {"vpc-2": {"Name": "gone"}}},
        });
        let mut paths = BTreeSet::new();
        collect("aws", objects, &mut paths);
        let paths: Vec<String> = paths.into_iter().collect();
        assert_eq!(
            paths,
            [
                "aws/ec2",
                "aws/ec2/tags",
                "aws/ec2/vpcs",
                "aws/ec2/vpcs/vpc-1",
                "aws/ec2/vpcs/vpc-1/cidrs/0",
            ]
        );
    }
}
