use crate::{AttributeSchema, BlockSchema, Body, BodySchema, dump, parse_json};
use expect_test::{Expect, expect};

fn schema() -> BodySchema {
    let block = |kind: &str, labels: &[&str]| BlockSchema {
        kind: kind.into(),
        labels: labels.iter().map(|l| (*l).into()).collect(),
    };
    BodySchema {
        attributes: vec![AttributeSchema {
            name: "a".into(),
            required: false,
        }],
        blocks: vec![block("resource", &["type", "name"]), block("locals", &[])],
    }
}

fn check(source: &str, expected: Expect) {
    let (body, mut diags) = parse_json("t.tf.json", source);
    let (content, problems) = body.content(&schema());
    diags.append(problems);
    let mut out = String::new();
    for a in &content.attributes {
        out.push_str(&format!("{} = {}\n", a.name, dump::expr(&a.expr)));
    }
    for block in &content.blocks {
        let labels: Vec<_> = block.labels.iter().map(|l| &*l.value).collect();
        out.push_str(&format!("{} {labels:?} @{}\n", block.kind, block.def_range));
        for line in dump::body(&block.body).lines() {
            out.push_str(&format!("  {line}\n"));
        }
    }
    for d in &diags {
        let subject = d
            .subject
            .as_ref()
            .map_or_else(String::new, ToString::to_string);
        out.push_str(&format!("{subject}: {}: {}\n", d.summary, d.detail));
    }
    expected.assert_eq(&out);
}

#[test]
fn blocks_come_from_objects_and_arrays() {
    check(
        r#"{
  "//": "a comment",
  "a": [1, -2.5e1, true, null, "x${b.c}y", "${d}", {"k\n": "\u00e9\ud83d\ude00\/"}],
  "resource": {
    "t": {"n": {"x": "y", "//": 1}, "m": [{"p": 1}, {"p": 2}]},
    "u": [{"v": {}}, {"w": null}]
  },
  "locals": [{"l": "%{ if x }1%{ endif }"}]
}"#,
        expect![[r#"
            a = (tuple 1 -25 true null(any) (json (template "x" b.c "y")) (json (wrap d)) (object [(json "k\n") (json "é😀/")]))
            resource ["t", "n"] @t.tf.json:5,11-14
              x = (json "y")  @5:17-5:25
            resource ["t", "m"] @t.tf.json:5,37-40
              p = 1  @5:44-5:50
            resource ["t", "m"] @t.tf.json:5,37-40
              p = 2  @5:54-5:60
            resource ["u", "v"] @t.tf.json:6,12-15
            locals [] @t.tf.json:8,3-11
              l = (json (template (if x ("1") ())))  @8:15-8:42
        "#]],
    );
}

#[test]
fn what_is_wrong_is_reported() {
    for (source, summary) in [
        ("", "Missing JSON value"),
        ("[1", "Unclosed array"),
        ("{\"a\": 1", "Unclosed object"),
        ("{\"a\" 1}", "Missing property value colon"),
        ("{\"a\": 1 \"b\": 2}", "Missing attribute separator"),
        ("{\"a\": 1,}", "Trailing comma in object"),
        ("{a: 1}", "Invalid object property name"),
        ("{\"a\": x}", "Invalid JSON keyword"),
        ("{\"a\": 1.}", "Invalid JSON number"),
        ("{\"a\": \"x", "Invalid JSON string"),
        ("{\"a\": \"\\q\"}", "Invalid JSON string"),
        ("{\"a\": \"${1 + }\"}", "Invalid expression"),
        ("{} x", "Extraneous data after value"),
        ("{\"a\": 01}", "Invalid JSON number"),
        ("{\"a\": @}", "Invalid start of value"),
        ("1", "Root value must be object"),
    ] {
        let (_, diags) = parse_json("t", source);
        let first = diags.iter().next().map(|d| &*d.summary);
        assert_eq!(first, Some(summary), "{source}");
    }
}

#[test]
fn what_the_schema_does_not_name_is_reported() {
    check(
        r#"{"a": 1, "a": 2, "resorce": {}, "resource": {"t": 1, "u": {"v": "w"}, "x": {}}}"#,
        expect![[r#"
            a = 1
            t.tf.json:1,10-13: Duplicate argument: The argument "a" was already set at t.tf.json:1,2-8.
            t.tf.json:1,18-27: Extraneous JSON object property: No argument or block type is named "resorce". Did you mean "resource"?
            t.tf.json:1,51-52: Incorrect JSON value type: A JSON object is required here, whose property names represent the name of the resource block.
            t.tf.json:1,65-68: Incorrect JSON value type: Either a JSON object or a JSON array of objects is required here, to define the content of resource blocks.
            t.tf.json:1,76-78: Missing block label: At least one object property is required, whose name represents the resource block's name.
        "#]],
    );
}

#[test]
fn each_argument_is_set_once() {
    let (body, _) = parse_json("t", r#"{"l": 1, "m": 2, "l": 3}"#);
    let (attributes, diags) = body.just_attributes();
    assert_eq!(
        attributes.iter().map(|a| &*a.name).collect::<Vec<_>>(),
        ["l", "m"]
    );
    assert_eq!(
        diags.iter().map(|d| &*d.summary).collect::<Vec<_>>(),
        ["Duplicate attribute definition"]
    );
}

#[test]
fn a_string_can_stand_for_an_expression() {
    let (body, diags) = parse_json(
        "t",
        r#"{"a": "aws_vpc.main", "b": "list(string)", "c": "not code"}"#,
    );
    assert!(diags.is_empty());
    let Body::Native(body) = body;
    let exprs: Vec<_> = body.attributes.iter().map(|a| &a.expr).collect();
    assert_eq!(
        exprs[0].as_traversal().map(ToString::to_string).as_deref(),
        Some("aws_vpc.main")
    );
    assert_eq!(exprs[1].as_static_call().map(|c| &*c.name), Some("list"));
    assert!(exprs[2].as_traversal().is_none());
}

#[test]
fn deep_nesting_is_an_error() {
    let (_, diags) = parse_json("t", &"[".repeat(100_000));
    assert_eq!(
        diags.iter().map(|d| &*d.summary).collect::<Vec<_>>(),
        ["Too deep nesting"]
    );
}

proptest::proptest! {
    #[test]
    fn reading_never_panics(source in "[\\[\\]{}\",: \\\\u0-9a-f$~é\\n.e+-]{0,60}") {
        let (body, _) = parse_json("t", &source);
        let _ = body.content(&schema());
    }
}
