//! Policy documents: which texts say the same, and in which form they are stored.

use serde_json::{Map, Value};

/// The text with sorted keys and nothing superfluous, as hashicorp's provider stores it. What is no JSON stays.
pub(crate) fn normalized(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(mut value) => {
            value.sort_all_objects();
            escaped(&value.to_string())
        }
        Err(_) => text.to_owned(),
    }
}

/// The same with the version first, where it is the current one.
pub(crate) fn version_first(text: &str) -> String {
    let Ok(Value::Object(mut object)) = serde_json::from_str::<Value>(&normalized(text)) else {
        return text.to_owned();
    };
    if object.get("Version").and_then(Value::as_str) == Some("2012-10-17")
        && let Some(version) = object.shift_remove("Version")
    {
        object.shift_insert(0, "Version".to_owned(), version);
    }
    escaped(&Value::Object(object).to_string())
}

/// JSON that is safe within HTML, as Go writes it.
pub(crate) fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

/// Whether two documents mean the same: equal but for order, case of actions, one value or a list of one.
pub(crate) fn is_same(a: &String, b: &String) -> bool {
    if a == b {
        return true;
    }
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    let (Some(a), Some(b)) = (read(a), read(b)) else {
        return false;
    };
    canonical(a) == canonical(b)
}

/// What is stored where a document was known and another text is found: the known one, if they mean the same.
pub(crate) fn kept(known: &str, found: &str) -> String {
    let same = !known.is_empty() && is_same(&known.to_owned(), &found.to_owned());
    normalized(if same { known } else { found })
}

/// It is a JSON object.
pub(crate) fn check(text: &str) -> Result<(), String> {
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(_)) => Ok(()),
        Ok(_) => Err("A policy document is a JSON object.".to_owned()),
        Err(error) => Err(format!("This is not JSON: {error}.")),
    }
}

fn canonical(document: Value) -> Value {
    let Value::Object(mut document) = document else {
        return document;
    };
    let mut statements: Vec<String> = elements(document.remove("Statement"))
        .into_iter()
        .map(|statement| {
            let mut statement = statement_of(statement);
            statement.sort_all_objects();
            statement.to_string()
        })
        .collect();
    statements.sort();
    document.insert("Statement".to_owned(), statements.into());
    document.retain(|_, value| value.as_str() != Some(""));
    let mut document = Value::Object(document);
    document.sort_all_objects();
    document
}

fn statement_of(statement: Value) -> Value {
    let Value::Object(statement) = statement else {
        return statement;
    };
    let part = |(key, value): (String, Value)| {
        let value = match key.as_str() {
            "Action" | "NotAction" => set(value, |text| text.to_lowercase()),
            "Resource" | "NotResource" => set(value, str::to_owned),
            "Principal" | "NotPrincipal" => principals(value),
            "Condition" => conditions(value),
            _ => value,
        };
        (key, value)
    };
    let mut statement: Map<String, Value> = statement.into_iter().map(part).collect();
    statement.retain(|key, value| key != "Sid" || value.as_str() != Some(""));
    Value::Object(statement)
}

/// One value, or all of a list.
fn elements(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(values)) => values,
        Some(value) => vec![value],
        None => Vec::new(),
    }
}

/// Strings in order, each once.
fn set(value: Value, form: impl Fn(&str) -> String) -> Value {
    let text = |value: Value| match value {
        Value::String(text) => form(&text),
        other => other.to_string(),
    };
    let mut values: Vec<String> = elements(Some(value)).into_iter().map(text).collect();
    values.sort();
    values.dedup();
    values.into()
}

fn principals(value: Value) -> Value {
    let of_type = |(kind, value): (String, Value)| (kind, set(value, account));
    match value {
        Value::Object(types) => Value::Object(types.into_iter().map(of_type).collect()),
        other => {
            let all = std::iter::once(("AWS".to_owned(), set(other, account)));
            Value::Object(all.collect())
        }
    }
}

/// An account is its root.
fn account(principal: &str) -> String {
    let root = principal
        .strip_prefix("arn:")
        .and_then(|rest| rest.split_once(":iam::"))
        .and_then(|(_, rest)| rest.strip_suffix(":root"));
    root.unwrap_or(principal).to_owned()
}

fn conditions(value: Value) -> Value {
    let Value::Object(tests) = value else {
        return value;
    };
    let of_test = |(test, variables): (String, Value)| {
        let variables = match variables {
            Value::Object(variables) => {
                let of_variable = |(name, value): (String, Value)| {
                    (name.to_lowercase(), set(value, str::to_owned))
                };
                Value::Object(variables.into_iter().map(of_variable).collect())
            }
            other => other,
        };
        (test, variables)
    };
    Value::Object(tests.into_iter().map(of_test).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_is_that_of_hashicorp() {
        let text = "{ \"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"<\", \"Effect\": \"Allow\"}] }";
        assert_eq!(
            normalized(text),
            r#"{"Statement":[{"Effect":"Allow","Sid":"\u003c"}],"Version":"2012-10-17"}"#
        );
        assert_eq!(
            version_first(text),
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Sid":"\u003c"}]}"#
        );
        assert_eq!(normalized("{"), "{");
    }

    #[test]
    fn documents_that_mean_the_same_are_the_same() {
        let cases = [
            (
                r#"{"Statement":[{"Action":["a:B","c:d"]}]}"#,
                r#"{"Statement":{"Action":["C:D","a:b"]}}"#,
                true,
            ),
            (
                r#"{"Statement":[{"Sid":"1"},{"Sid":"2"}]}"#,
                r#"{"Statement":[{"Sid":"2"},{"Sid":"1"}]}"#,
                true,
            ),
            (
                r#"{"Statement":[{"Principal":{"AWS":"123456789012"}}]}"#,
                r#"{"Statement":[{"Principal":{"AWS":["arn:aws:iam::123456789012:root"]}}]}"#,
                true,
            ),
            (
                r#"{"Statement":[{"Condition":{"Bool":{"aws:X":"true"}}}]}"#,
                r#"{"Statement":[{"Condition":{"Bool":{"aws:x":[true]}}}]}"#,
                true,
            ),
            (
                r#"{"Statement":[{"Resource":"a"}]}"#,
                r#"{"Statement":[{"Resource":"A"}]}"#,
                false,
            ),
            (
                r#"{"Statement":[{"Effect":"Allow"}]}"#,
                r#"{"Statement":[{"Effect":"Deny"}]}"#,
                false,
            ),
            (
                r#"{"Version":"2012-10-17"}"#,
                r#"{"Version":"2008-10-17"}"#,
                false,
            ),
            ("{", "{}", false),
        ];
        for (a, b, same) in cases {
            assert_eq!(is_same(&a.to_owned(), &b.to_owned()), same, "{a} {b}");
        }
    }
}
