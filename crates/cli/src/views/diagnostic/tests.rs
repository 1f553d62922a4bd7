//! What Terraform 1.11.4 prints of such problems.

use super::*;
use diags::{Pos, ReferenceValue, SourceRange};
use expect_test::expect;

const SOURCE: &str =
    "resource \"terraform_data\" \"a\" {\n  input = 1\n  foo   = var.size + \"x\"\n}\n";

fn example() -> (Diagnostic, Sources) {
    let pos = |line, column, byte| Pos { line, column, byte };
    let at = SOURCE.find("var.size").unwrap() as u32;
    let range = SourceRange {
        file: "main.tf".into(),
        start: pos(3, 11, at),
        end: pos(3, 19, at + 8),
    };
    let diagnostic = Diagnostic::error(
        "Invalid operand",
        "Unsuitable value for right operand: a number is required. This is a long sentence that has to be broken.\n\n  - kept as it is",
    )
    .at(range)
    .about("terraform_data.a")
    .with_values(vec![ReferenceValue {
        reference: "var.size".into(),
        statement: "is 2".into(),
    }]);
    (
        diagnostic,
        Sources::from([("main.tf".into(), SOURCE.into())]),
    )
}

#[test]
fn problems_are_shown_with_their_code() {
    let (diagnostic, sources) = example();
    expect![[r#"

        Error: Invalid operand

          with terraform_data.a,
          on main.tf line 3, in resource "terraform_data" "a":
           3:   foo   = var.size + "x"
            ├────────────────
            │ var.size is 2

        Unsuitable value for right operand: a number is required. This is a long
        sentence that has to be broken.

          - kept as it is
    "#]]
    .assert_eq(&human(&diagnostic, &sources, false));
    expect![[r#"

        Warning: Short

    "#]]
    .assert_eq(&format!(
        "{}\n",
        human(&Diagnostic::warning("Short", ""), &sources, false)
    ));
    expect![[r#"

        Error: Invalid operand

          with terraform_data.a,
          on main.tf line 3:
          (source code not available)

        Unsuitable value for right operand: a number is required. This is a long
        sentence that has to be broken.

          - kept as it is
    "#]]
    .assert_eq(&human(&diagnostic, &Sources::new(), false));
}

#[test]
fn with_colours_there_is_a_box() {
    let (diagnostic, sources) = example();
    let text = human(&diagnostic, &sources, true);
    let plain = anstream_free(&text);
    assert!(
        plain.starts_with("╷\n│ Error: Invalid operand\n│ \n│   with terraform_data.a,\n"),
        "{plain}"
    );
    assert!(plain.ends_with("│   - kept as it is\n╵\n"), "{plain}");
    assert!(text.contains("\u{1b}[4mvar.size\u{1b}[0m"), "{text:?}");
}

/// The text without colours.
fn anstream_free(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('\u{1b}') {
        out.push_str(&rest[..start]);
        let end = rest[start..]
            .find('m')
            .map_or(rest.len(), |i| start + i + 1);
        rest = &rest[end..];
    }
    out + rest
}

#[test]
fn problems_are_json() {
    let (diagnostic, sources) = example();
    expect![[r#"
        {
          "severity": "error",
          "summary": "Invalid operand",
          "detail": "Unsuitable value for right operand: a number is required. This is a long sentence that has to be broken.\n\n  - kept as it is",
          "address": "terraform_data.a",
          "range": {
            "filename": "main.tf",
            "start": {
              "line": 3,
              "column": 11,
              "byte": 54
            },
            "end": {
              "line": 3,
              "column": 19,
              "byte": 62
            }
          },
          "snippet": {
            "context": "resource \"terraform_data\" \"a\"",
            "code": "  foo   = var.size + \"x\"",
            "start_line": 3,
            "highlight_start_offset": 10,
            "highlight_end_offset": 18,
            "values": [
              {
                "traversal": "var.size",
                "statement": "is 2"
              }
            ]
          }
        }"#]]
    .assert_eq(&format!("{:#}", to_json(&diagnostic, &sources)));
}

#[test]
fn positions_outside_of_the_file_are_survived() {
    let (mut diagnostic, sources) = example();
    if let Some(range) = &mut diagnostic.subject {
        range.start.byte = 10_000;
        range.end.byte = 3;
    }
    assert!(human(&diagnostic, &sources, true).contains("Invalid operand"));
}
