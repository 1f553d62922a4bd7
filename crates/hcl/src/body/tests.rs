use super::*;
use expect_test::{Expect, expect};

fn schema() -> BodySchema {
    let attribute = |name: &str, required| AttributeSchema {
        name: name.into(),
        required,
    };
    let block = |kind: &str, labels: &[&str]| BlockSchema {
        kind: kind.into(),
        labels: labels.iter().map(|l| (*l).into()).collect(),
    };
    BodySchema {
        attributes: vec![attribute("type", false), attribute("source", true)],
        blocks: vec![
            block("resource", &["type", "name"]),
            block("variable", &["name"]),
            block("locals", &[]),
        ],
    }
}

fn check(source: &str, expected: Expect) {
    let (body, diags) = crate::parse("t.tf", source);
    assert!(diags.is_empty());
    let (content, diags) = body.content(&schema());
    let mut out = String::new();
    for attribute in &content.attributes {
        out.push_str(&format!("{} = …\n", attribute.name));
    }
    for block in &content.blocks {
        let labels: Vec<_> = block.labels.iter().map(|l| &*l.value).collect();
        out.push_str(&format!("{} {labels:?}\n", block.kind));
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
fn content_is_what_the_schema_names() {
    check(
        "source = 1\nresource \"a\" \"b\" {}\nlocals {}\nvariable c {}\nresource a d {}\n",
        expect![[r#"
            source = …
            resource ["a", "b"]
            locals []
            variable ["c"]
            resource ["a", "d"]
        "#]],
    );
}

#[test]
fn all_that_does_not_fit_is_reported() {
    check(
        "typ = 1\nlocals = 2\nfrob = 3\nvariabel \"x\" {}\ntype {}\nnope {}\nresource \"x\" {}\nresource \"a\" \"b\" \"c\" {}\nlocals \"x\" {}\n",
        expect![[r#"
            t.tf:1,1-1: Missing required argument: The argument "source" is required, but no definition was found.
            t.tf:7,14-15: Missing name for resource: All resource blocks must have 2 labels (type, name).
            t.tf:8,18-21: Extraneous label for resource: Only 2 labels (type, name) are expected for resource blocks.
            t.tf:9,8-11: Extraneous label for locals: No labels are expected for locals blocks.
            t.tf:1,1-4: Unsupported argument: An argument named "typ" is not expected here. Did you mean "type"?
            t.tf:2,1-7: Unsupported argument: An argument named "locals" is not expected here. Did you mean to define a block of type "locals"?
            t.tf:3,1-5: Unsupported argument: An argument named "frob" is not expected here.
            t.tf:4,1-9: Unsupported block type: Blocks of type "variabel" are not expected here. Did you mean "variable"?
            t.tf:5,1-5: Unsupported block type: Blocks of type "type" are not expected here. Did you mean to define argument "type"? If so, use the equals sign to assign it a value.
            t.tf:6,1-5: Unsupported block type: Blocks of type "nope" are not expected here.
        "#]],
    );
}

#[test]
fn the_rest_is_a_body() {
    let (body, _) = crate::parse("t.tf", "source = 1\nx = 2\nlocals {}\ny {}\n");
    let (content, rest, diags) = body.partial_content(&schema());
    assert!(diags.is_empty());
    assert_eq!((content.attributes.len(), content.blocks.len()), (1, 1));
    let (attributes, diags) = rest.just_attributes();
    assert_eq!(
        attributes.iter().map(|a| &*a.name).collect::<Vec<_>>(),
        ["x"]
    );
    assert_eq!(
        diags.iter().map(|d| &*d.summary).collect::<Vec<_>>(),
        ["Unexpected \"y\" block"]
    );
}
