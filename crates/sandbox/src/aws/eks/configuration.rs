//! Configuration values of add-ons, against the JSON schema of the add-on.

use serde_json::Value;

/// Refuses values that the schema does not allow. Values in YAML, which EKS takes too, are not looked into.
pub(crate) fn check(values: &str, schema: &Value) -> Result<(), String> {
    let Ok(value) = serde_json::from_str::<Value>(values) else {
        let yaml = !values.trim_start().starts_with(['{', '[', '"']);
        return if yaml {
            Ok(())
        } else {
            Err("the value is not valid JSON".to_owned())
        };
    };
    let mut problems = Vec::new();
    let mut left = vec![("$".to_owned(), &value, schema)];
    while let Some((path, value, schema)) = left.pop() {
        look(&path, value, schema, &mut left, &mut problems);
    }
    if problems.is_empty() {
        return Ok(());
    }
    problems.sort();
    Err(format!(
        "Json schema validation failed with error: [{}]",
        problems.join(", ")
    ))
}

/// A value that is still to be looked at: where it is, and its schema.
type Left<'a> = (String, &'a Value, &'a Value);

fn look<'a>(
    path: &str,
    value: &'a Value,
    schema: &'a Value,
    left: &mut Vec<Left<'a>>,
    problems: &mut Vec<String>,
) {
    if let Some(expected) = schema["type"].as_str()
        && !is(value, expected)
    {
        problems.push(format!(
            "{path}: {} found, {expected} expected",
            kind(value)
        ));
        return;
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        let allowed: Vec<_> = allowed.iter().map(Value::to_string).collect();
        problems.push(format!(
            "{path}: does not have a value in the enumeration [{}]",
            allowed.join(", ")
        ));
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = format!("{path}.{name}");
                let known = schema["properties"].get(name);
                match (known, &schema["additionalProperties"]) {
                    (Some(of), _) => left.push((path, value, of)),
                    (None, Value::Bool(false)) => problems.push(format!(
                        "{path}: is not defined in the schema and the schema does not allow additional properties"
                    )),
                    (None, of @ Value::Object(_)) => left.push((path, value, of)),
                    _ => {}
                }
            }
            for name in schema["required"].as_array().into_iter().flatten() {
                if name
                    .as_str()
                    .is_some_and(|name| !members.contains_key(name))
                {
                    problems.push(format!(
                        "{path}.{}: is missing but it is required",
                        name.as_str().unwrap_or_default()
                    ));
                }
            }
        }
        Value::Array(elements) => {
            for (at, element) in elements.iter().enumerate() {
                left.push((format!("{path}[{at}]"), element, &schema["items"]));
            }
        }
        _ => {}
    }
}

fn is(value: &Value, expected: &str) -> bool {
    match expected {
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        _ => kind(value) == expected,
    }
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::schema;
    use super::*;

    #[test]
    fn values_are_held_against_the_schema() {
        let problem = |values| check(values, schema("vpc-cni")).unwrap_err();
        assert!(
            check(
                r#"{"env":{"ENABLE_PREFIX_DELEGATION":"true"}}"#,
                schema("vpc-cni")
            )
            .is_ok()
        );
        assert!(check("env:\n  A: b", schema("vpc-cni")).is_ok());
        assert_eq!(
            problem(r#"{"foo":1}"#),
            "Json schema validation failed with error: [$.foo: is not defined in the schema and the schema does not allow additional properties]"
        );
        assert_eq!(
            problem(r#"{"env":{"WARM_ENI_TARGET":1}}"#),
            "Json schema validation failed with error: [$.env.WARM_ENI_TARGET: number found, string expected]"
        );
        assert_eq!(
            problem(r#"{"eniConfig":{"create":true,"region":"eu-west-1"}}"#),
            "Json schema validation failed with error: [$.eniConfig.subnets: is missing but it is required]"
        );
        assert_eq!(problem("{"), "the value is not valid JSON");
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        assert!(check(&deep, schema("coredns")).is_err());
    }
}
