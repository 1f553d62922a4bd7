//! Where two JSON documents part, in words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

/// Is one place where the answer is not the expected one; nothing = absent there.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The place, as `resource_changes[terraform_data.a].change.after`.
    pub path: String,
    /// What was recorded.
    pub expected: Option<Value>,
    /// What came.
    pub got: Option<Value>,
}

/// Returns all differences between two documents, in the order of the expected one.
///
/// Elements of a list that all have an address are matched by it, so that one missing resource
/// is one difference and not a shift of all that follow.
#[must_use]
pub fn diff(expected: &Value, got: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", expected, got, &mut found);
    found
}

fn compare(path: &str, expected: &Value, got: &Value, found: &mut Vec<Difference>) {
    match (expected, got) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                match b.get(key) {
                    Some(other) => compare(&path, value, other, found),
                    None => found.push(Difference {
                        path,
                        expected: Some(value.clone()),
                        got: None,
                    }),
                }
            }
            for (key, value) in b.iter().filter(|(key, _)| !a.contains_key(*key)) {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                found.push(Difference {
                    path,
                    expected: None,
                    got: Some(value.clone()),
                });
            }
        }
        (Value::Array(a), Value::Array(b)) => match (by_address(a), by_address(b)) {
            (Some(x), Some(y)) if !a.is_empty() && !b.is_empty() => {
                compare_addressed(path, &x, &y, found);
                let order = |items: &[Value]| items.iter().map(address).collect::<Value>();
                if x.keys().eq(y.keys()) && order(a) != order(b) {
                    found.push(Difference {
                        path: format!("{path} (order)"),
                        expected: Some(order(a)),
                        got: Some(order(b)),
                    });
                }
            }
            _ => compare_lists(path, a, b, found),
        },
        _ if expected == got => {}
        _ => found.push(Difference {
            path: path.to_owned(),
            expected: Some(expected.clone()),
            got: Some(got.clone()),
        }),
    }
}

fn compare_lists(path: &str, a: &[Value], b: &[Value], found: &mut Vec<Difference>) {
    for at in 0..a.len().max(b.len()) {
        let path = format!("{path}[{at}]");
        match (a.get(at), b.get(at)) {
            (Some(x), Some(y)) => compare(&path, x, y, found),
            (x, y) => {
                found.push(Difference {
                    path,
                    expected: x.cloned(),
                    got: y.cloned(),
                });
            }
        }
    }
}

fn compare_addressed(
    path: &str,
    a: &BTreeMap<String, &Value>,
    b: &BTreeMap<String, &Value>,
    found: &mut Vec<Difference>,
) {
    for (key, value) in a {
        let path = format!("{path}[{key}]");
        match b.get(key) {
            Some(other) => compare(&path, value, other, found),
            None => {
                found.push(Difference {
                    path,
                    expected: Some((*value).clone()),
                    got: None,
                });
            }
        }
    }
    for (key, value) in b.iter().filter(|(key, _)| !a.contains_key(*key)) {
        let path = format!("{path}[{key}]");
        found.push(Difference {
            path,
            expected: None,
            got: Some((*value).clone()),
        });
    }
}

/// Maps elements by their address; nothing when one has none or two have the same.
fn by_address(items: &[Value]) -> Option<BTreeMap<String, &Value>> {
    let map: BTreeMap<_, _> = items
        .iter()
        .map(|item| Some((address(item)?, item)))
        .collect::<Option<_>>()?;
    (map.len() == items.len()).then_some(map)
}

fn address(item: &Value) -> Option<String> {
    if let Some(summary) = item.get("summary") {
        // A diagnostic is known by what it says and where.
        return Some(format!("{}:{} {summary}", item["file"], item["line"]));
    }
    let address = item.get("address")?.as_str()?;
    Some(match item.get("deposed").and_then(Value::as_str) {
        Some(deposed) => format!("{address} deposed {deposed}"),
        None => address.to_owned(),
    })
}

/// Renders differences, three lines each, and at most `limit` of them.
#[must_use]
pub fn render_differences(document: &str, differences: &[Difference], limit: usize) -> String {
    let mut text = String::new();
    for difference in differences.iter().take(limit) {
        let side = |value: &Option<Value>| match value {
            None => "(absent)".to_owned(),
            Some(value) => shorten(&value.to_string()),
        };
        let _ = writeln!(text, "  {document} {}", difference.path);
        let _ = writeln!(text, "    expected: {}", side(&difference.expected));
        let _ = writeln!(text, "    got:      {}", side(&difference.got));
    }
    if differences.len() > limit {
        let _ = writeln!(
            text,
            "  {document}: {} more differences",
            differences.len() - limit
        );
    }
    text
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(400) {
        None => text.to_owned(),
        Some((at, _)) => format!("{} …", &text[..at]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use serde_json::json;

    #[test]
    fn differences_name_their_place() {
        let expected = json!({
            "changes": [
                {"address": "a", "n": 1},
                {"address": "b", "n": [1, 2]},
                {"address": "c"},
            ],
            "gone": null,
        });
        let got = json!({
            "changes": [{"address": "c"}, {"address": "a", "n": 1.0}, {"address": "b", "n": [1, 3, 4]}],
            "new": {},
        });
        expect![[r#"
            differences:
              plan changes[a].n
                expected: 1
                got:      1.0
              plan changes[b].n[1]
                expected: 2
                got:      3
              plan changes[b].n[2]
                expected: (absent)
                got:      4
              plan changes (order)
                expected: ["a","b","c"]
                got:      ["c","a","b"]
              plan: 2 more differences
        "#]]
        .assert_eq(&format!(
            "differences:\n{}",
            render_differences("plan", &diff(&expected, &got), 4)
        ));
        assert_eq!(diff(&expected, &expected), []);
    }

    #[test]
    fn a_missing_resource_is_one_difference() {
        let expected =
            json!([{"address": "a"}, {"address": "b"}, {"address": "b", "deposed": "1"}]);
        let got = json!([{"address": "b"}, {"address": "b", "deposed": "1"}]);
        let found = diff(&expected, &got);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "[a]");
    }
}
