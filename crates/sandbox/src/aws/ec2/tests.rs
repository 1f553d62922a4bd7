//! EC2 by its forms and answers: scripts of requests, and what comes of them.

mod addresses;
mod groups;
mod laws;
mod networks;
mod routes;
mod transit;

use crate::aws::testing::Cloud;
use std::collections::BTreeMap;

/// Performs requests, one a line: `Action Name=value …`. With `name = … : element`, later lines can write `$name` for the
/// text of that element of the answer. With `… : element element`, these elements of the answer are shown. What is refused
/// is always shown. `slow` and `fast` say whether what takes time is ever done.
fn play(script: &str) -> String {
    let mut cloud = Cloud::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut shown = String::new();
    for line in script.lines().map(str::trim) {
        match line {
            "" => continue,
            "slow" => cloud.slow(),
            "fast" => {
                cloud = Cloud {
                    clock: Cloud::new().clock,
                    ..cloud
                }
            }
            _ => {
                let (name, request) = match line.split_once(" = ") {
                    Some((name, request)) => (Some(name), request),
                    None => (None, line),
                };
                let (request, wanted) = request.split_once(" : ").unwrap_or((request, ""));
                let answer = cloud.query("ec2", &form(request, &names));
                let action = request.split(' ').next().unwrap_or_default();
                let result = if let Some(code) = elements(&answer, "Code").first() {
                    let message = elements(&answer, "Message").concat();
                    Some(format!("{code}: {message}"))
                } else if let Some(name) = name {
                    let found = elements(&answer, wanted);
                    let found = found
                        .first()
                        .unwrap_or_else(|| panic!("no {wanted}: {answer}"));
                    names.insert(name.to_owned(), found.clone());
                    None
                } else {
                    let of = |name: &str| format!("{name}={}", elements(&answer, name).join(","));
                    let shown: Vec<String> = wanted.split_whitespace().map(of).collect();
                    Some(shown.join(" ")).filter(|shown| !shown.is_empty())
                };
                if let Some(mut result) = result {
                    for (name, value) in &names {
                        result = result.replace(value.as_str(), &format!("${name}"));
                    }
                    shown.push_str(&format!("{action} {result}\n"));
                }
            }
        }
    }
    shown
}

/// `Action Name=value` as a form.
fn form(request: &str, names: &BTreeMap<String, String>) -> String {
    let mut request = request.replace('&', "%26").replace('+', "%2B");
    // The longest first: $subnet2 is not $subnet and a 2.
    for (name, value) in names.iter().rev() {
        request = request.replace(&format!("${name}"), value);
    }
    format!("Action={}", request.replace(' ', "&"))
}

/// The texts of all elements with a name.
fn elements(answer: &str, name: &str) -> Vec<String> {
    let open = format!("<{name}>");
    let parts = answer.split(&open).skip(1);
    let texts = parts.map(|part| part.split("</").next().unwrap_or_default());
    texts
        .filter(|text| !text.contains('<'))
        .map(|text| text.replace("&quot;", "\""))
        .collect()
}
