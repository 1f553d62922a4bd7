//! Policy documents.

use super::Iam;
use crate::aws::fault::Fault;
use serde_json::Value;

/// What a document is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It says who may assume a role.
    Trust,
    /// It says what an identity may.
    Permissions,
}

/// Refuses a document that IAM does not take.
pub(super) fn check(text: &str, purpose: Purpose, iam: &Iam, account: &str) -> Result<(), Fault> {
    let malformed = |message: &str| Fault::new("MalformedPolicyDocument", message);
    let document: Value =
        serde_json::from_str(text).map_err(|_| malformed("This policy contains invalid Json"))?;
    let versions = ["2012-10-17", "2008-10-17"];
    let version = &document["Version"];
    if !version.is_null()
        && !version
            .as_str()
            .is_some_and(|version| versions.contains(&version))
    {
        return Err(malformed("Syntax errors in policy."));
    }
    if document["Statement"].is_null() {
        return Err(malformed("Missing required field Statement"));
    }
    for statement in many(&document["Statement"]) {
        let has = |name: &str| !statement[name].is_null();
        let either = |one: &str, other: &str| has(one) || has(other);
        if !statement.is_object() || !matches!(statement["Effect"].as_str(), Some("Allow" | "Deny"))
        {
            return Err(malformed("Missing required field Effect"));
        }
        if !either("Action", "NotAction") {
            return Err(malformed("Policy statement must contain actions."));
        }
        match purpose {
            Purpose::Trust if !either("Principal", "NotPrincipal") => {
                return Err(malformed("Missing required field Principal"));
            }
            Purpose::Trust if either("Resource", "NotResource") => {
                return Err(malformed("Has prohibited field Resource"));
            }
            Purpose::Trust => principals(statement, iam, account)?,
            Purpose::Permissions if either("Principal", "NotPrincipal") => {
                return Err(malformed("Policy document should not specify a principal."));
            }
            Purpose::Permissions if !either("Resource", "NotResource") => {
                return Err(malformed("Policy statement must contain resources."));
            }
            Purpose::Permissions => {}
        }
    }
    Ok(())
}

/// Refuses roles of the account that do not exist.
fn principals(statement: &Value, iam: &Iam, account: &str) -> Result<(), Fault> {
    let own = format!("arn:aws:iam::{account}:role/");
    for arn in many(&statement["Principal"]["AWS"]).filter_map(Value::as_str) {
        if arn.starts_with(&own) && iam.role_of(arn).is_none() {
            return Err(Fault::new(
                "MalformedPolicyDocument",
                format!("Invalid principal in policy: \"AWS\":\"{arn}\""),
            ));
        }
    }
    Ok(())
}

/// Whether a trust policy lets a principal of a kind (`Service`, `AWS`, `Federated`) assume the role.
pub(super) fn trusts(text: &str, kind: &str, action: &str, is: impl Fn(&str) -> bool) -> bool {
    let Ok(document) = serde_json::from_str::<Value>(text) else {
        return false;
    };
    many(&document["Statement"]).any(|statement| {
        let principal = &statement["Principal"];
        let mut named = many(if principal.is_string() {
            principal
        } else {
            &principal[kind]
        });
        let mut actions = many(&statement["Action"]).filter_map(Value::as_str);
        statement["Effect"] == "Allow"
            && named.any(|name| name.as_str().is_some_and(|name| name == "*" || is(name)))
            && actions.any(|name| [action, "sts:*", "*"].contains(&name))
    })
}

/// One, or all of a list; none of null.
fn many(value: &Value) -> impl Iterator<Item = &Value> {
    let (list, one) = match value {
        Value::Array(list) => (list.as_slice(), None),
        Value::Null => ([].as_slice(), None),
        one => ([].as_slice(), Some(one)),
    };
    list.iter().chain(one)
}

/// Encodes a document as IAM answers it: everything but unreserved characters with percent signs.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUST: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":["eks.amazonaws.com","a"]},"Action":["sts:AssumeRole","sts:TagSession"]}}"#;

    #[test]
    fn services_are_trusted() {
        let trusts = |text: &str, service: &str| {
            trusts(text, "Service", "sts:AssumeRole", |name| name == service)
        };
        assert!(trusts(TRUST, "eks.amazonaws.com"));
        assert!(!trusts(TRUST, "ec2.amazonaws.com"));
        assert!(!trusts(
            &TRUST.replace("Allow", "Deny"),
            "eks.amazonaws.com"
        ));
        assert!(!trusts("{", "eks.amazonaws.com"));
    }

    #[test]
    fn malformed_documents_are_refused() {
        let iam = Iam::default();
        let problem = |text: &str, purpose| {
            let checked = check(text, purpose, &iam, "1");
            checked.map_or_else(|fault| fault.message, |()| "fine".to_owned())
        };
        let allow = |rest: &str| format!(r#"{{"Statement":[{{"Effect":"Allow",{rest}}}]}}"#);
        let cases = [
            (TRUST.to_owned(), Purpose::Trust, "fine"),
            (
                TRUST.to_owned(),
                Purpose::Permissions,
                "Policy document should not specify a principal.",
            ),
            (
                "{".to_owned(),
                Purpose::Trust,
                "This policy contains invalid Json",
            ),
            (
                "{}".to_owned(),
                Purpose::Trust,
                "Missing required field Statement",
            ),
            (
                r#"{"Version":"1","Statement":[]}"#.to_owned(),
                Purpose::Trust,
                "Syntax errors in policy.",
            ),
            (
                allow(r#""Resource":"*""#),
                Purpose::Permissions,
                "Policy statement must contain actions.",
            ),
            (
                allow(r#""Action":"*""#),
                Purpose::Permissions,
                "Policy statement must contain resources.",
            ),
            (
                allow(r#""Action":"*""#),
                Purpose::Trust,
                "Missing required field Principal",
            ),
            (
                allow(r#""Action":"*","Principal":"*","Resource":"*""#),
                Purpose::Trust,
                "Has prohibited field Resource",
            ),
            (
                allow(r#""Action":"*","Principal":{"AWS":"arn:aws:iam::1:role/x"}"#),
                Purpose::Trust,
                "Invalid principal in policy: \"AWS\":\"arn:aws:iam::1:role/x\"",
            ),
        ];
        for (text, purpose, expected) in cases {
            assert_eq!(problem(&text, purpose), expected, "{text}");
        }
    }

    #[test]
    fn documents_are_percent_encoded() {
        assert_eq!(encoded("{\"a\": é}"), "%7B%22a%22%3A%20%C3%A9%7D");
    }
}
