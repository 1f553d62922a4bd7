use super::*;
use crate::{AttributeType, NestedAttribute, NestedBlock, Nesting};
use cty::Marks;
use expect_test::{Expect, expect};
use hcl::MapScope;
use std::sync::Arc;

fn attribute(ty: Type) -> Attribute {
    Attribute {
        ty: AttributeType::Plain(ty),
        optional: true,
        ..Attribute::default()
    }
}

fn nested(nesting: Nesting, block: Block, limits: (u64, u64)) -> NestedBlock {
    NestedBlock {
        nesting,
        block,
        min_items: limits.0,
        max_items: limits.1,
    }
}

/// A schema with a block type for every nesting mode.
fn schema() -> Block {
    let port = || Block::new([("port".into(), attribute(Type::Number))], []);
    let any = Block::new([("x".into(), attribute(Type::Dynamic))], []);
    let deep = Block::new(
        [("name".into(), attribute(Type::String))],
        [("inner".into(), nested(Nesting::List, port(), (0, 0)))],
    );
    let nested_attribute = Attribute {
        ty: AttributeType::Nested(Arc::new(NestedAttribute {
            nesting: Nesting::List,
            attributes: [
                (
                    "a".into(),
                    Attribute {
                        optional: false,
                        required: true,
                        ..attribute(Type::String)
                    },
                ),
                ("b".into(), attribute(Type::Number)),
            ]
            .into(),
        })),
        ..attribute(Type::Dynamic)
    };
    Block::new(
        [
            (
                "id".into(),
                Attribute {
                    optional: false,
                    computed: true,
                    ..attribute(Type::String)
                },
            ),
            (
                "name".into(),
                Attribute {
                    optional: false,
                    required: true,
                    ..attribute(Type::String)
                },
            ),
            ("tags".into(), attribute(Type::map(Type::String))),
            ("any".into(), attribute(Type::Dynamic)),
            ("rules".into(), nested_attribute),
        ],
        [
            ("single".into(), nested(Nesting::Single, port(), (0, 0))),
            ("group".into(), nested(Nesting::Group, port(), (0, 0))),
            ("list".into(), nested(Nesting::List, port(), (0, 2))),
            ("set".into(), nested(Nesting::Set, port(), (0, 0))),
            ("map".into(), nested(Nesting::Map, port(), (0, 0))),
            ("any_list".into(), nested(Nesting::List, any, (0, 0))),
            ("deep".into(), nested(Nesting::List, deep, (0, 0))),
        ],
    )
}

fn scope() -> MapScope {
    let list = Value::tuple(vec![Value::number(1), Value::number(2)]);
    MapScope::new([
        ("ports", list.clone()),
        ("secret", list.with_marks(Marks::SENSITIVE)),
        ("later", Value::unknown(Type::list(Type::Number))),
        (
            "byname",
            Value::object([("a", Value::number(1)), ("b", Value::number(2))]),
        ),
        ("nothing", Value::null(Type::list(Type::Number))),
        ("word", Value::string("x")),
    ])
}

fn check_by(block: &Block, source: &str, expected: Expect) {
    let (body, diags) = hcl::parse("t.tf", source);
    assert!(diags.is_empty(), "{diags:?}");
    let scope = scope();
    let (value, diags) = decode(&body, block, &Env::new(&scope));
    let mut out = String::new();
    for (key, part) in value.elements() {
        let absent = part.is_null() || (part.is_empty() && part.is_known());
        if !absent {
            out.push_str(&format!("{} = {part:?}\n", key.as_str().expect("a name")));
        }
    }
    for d in &diags {
        let subject = d
            .subject
            .as_ref()
            .map_or("-".to_owned(), ToString::to_string);
        out.push_str(&format!("{subject} {}: {}\n", d.summary, d.detail));
    }
    expected.assert_eq(&out);
}

fn check(source: &str, expected: Expect) {
    check_by(&schema(), source, expected);
}

#[test]
fn attributes() {
    check(
        "name = 1\ntags = { a = 1, b = true }\nany = [1]\nrules = [{ a = 1 }, { a = \"x\", b = \"2\" }]\n",
        expect![[r#"
            any = [1]
            group = {"port": null(number)}
            name = "1"
            rules = [{"a": "1", "b": null(number)}, {"a": "x", "b": 2}]
            tags = {"a": "1", "b": "true"}
        "#]],
    );
    check(
        "tags = [1]\nid = 1\nnam = 1\n",
        expect![[r#"
            group = {"port": null(number)}
            id = "1"
            tags = unknown(map(string))
            t.tf:1,1-1 Missing required argument: The argument "name" is required, but no definition was found.
            t.tf:3,1-4 Unsupported argument: An argument named "nam" is not expected here. Did you mean "name"?
            t.tf:1,8-11 Incorrect attribute value type: Inappropriate value for attribute "tags": map of string required.
        "#]],
    );
    check(
        "name = [1]\ntags = { a = { b = 1 } }\nrules = [{ b = 1 }]\nany = missing\n",
        expect![[r#"
            any = unknown(any)
            group = {"port": null(number)}
            name = unknown(string)
            rules = unknown(list(object({a = string, b = number})))
            tags = unknown(map(string))
            t.tf:4,7-14 Unknown variable: There is no variable named "missing".
            t.tf:1,8-11 Incorrect attribute value type: Inappropriate value for attribute "name": string required.
            t.tf:3,9-20 Incorrect attribute value type: Inappropriate value for attribute "rules": element 0: attribute "a" is required.
            t.tf:2,8-25 Incorrect attribute value type: Inappropriate value for attribute "tags": element "a": string required.
        "#]],
    );
    check(
        "name = null\nrules = [{ a = \"x\", c = 1 }]\n",
        expect![[r#"
            group = {"port": null(number)}
            rules = [{"a": "x", "b": null(number)}]
            t.tf:1,8-12 Missing required argument: The argument "name" is required, but no definition was found: it was set to null.
        "#]],
    );
}

#[test]
fn absent_blocks() {
    let (body, _) = hcl::parse("t.tf", "name = \"n\"\n");
    let scope = scope();
    let (value, diags) = decode(&body, &schema(), &Env::new(&scope));
    assert!(diags.is_empty());
    expect![[r#"
        {"any": null(any), "any_list": [], "deep": [], "group": {"port": null(number)}, "id": null(string), "list": [], "map": {}, "name": "n", "rules": null(list(object({a = string, b = number}))), "set": {}, "single": null(object({port = number})), "tags": null(map(string))}
    "#]].assert_eq(&format!("{value:?}\n"));
    assert_eq!(value.get("any_list"), Some(&Value::tuple(vec![])));
    let (value, _) = decode(&hcl::parse("t.tf", "").0, &schema(), &Env::new(&scope));
    assert_eq!(value, schema().empty_value());
}

#[test]
fn blocks() {
    check(
        "name = \"n\"\nsingle { port = 1 }\ngroup {}\nlist { port = 1 }\nlist { port = \"2\" }\nset { port = 1 }\nset { port = 1 }\nmap \"a\" { port = 1 }\nany_list { x = 1 }\nany_list { x = \"s\" }\ndeep {\n  inner { port = 1 }\n}\n",
        expect![[r#"
            any_list = [{"x": 1}, {"x": "s"}]
            deep = [{"inner": [{"port": 1}], "name": null(string)}]
            group = {"port": null(number)}
            list = [{"port": 1}, {"port": 2}]
            map = {"a": {"port": 1}}
            name = "n"
            set = {{"port": 1}}
            single = {"port": 1}
        "#]],
    );
    check(
        "name = \"n\"\nsingle {}\nsingle {}\nlist {}\nlist {}\nlist {}\nmap \"a\" {}\nmap \"a\" {}\nmap {}\nlist \"x\" {}\nlst {}\n",
        expect![[r#"
            group = {"port": null(number)}
            list = [{"port": null(number)}, {"port": null(number)}, {"port": null(number)}]
            map = {"a": {"port": null(number)}}
            name = "n"
            single = {"port": null(number)}
            t.tf:9,5-6 Missing key for map: All map blocks must have 1 label (key).
            t.tf:10,6-9 Extraneous label for list: No labels are expected for list blocks.
            t.tf:11,1-4 Unsupported block type: Blocks of type "lst" are not expected here. Did you mean "list"?
            t.tf:6,1-5 Too many list blocks: 2 "list" blocks are the most that there can be here.
            t.tf:8,1-8 Duplicate block: There is another block with the label "a" already.
            t.tf:3,1-7 Duplicate single block: There can be only one "single" block here, and there is one at t.tf:2,1-7 already.
        "#]],
    );
}

#[test]
fn dynamic_blocks() {
    check(
        "name = \"n\"\ndynamic \"list\" {\n  for_each = ports\n  content { port = list.value + list.key }\n}\ndynamic \"map\" {\n  for_each = byname\n  iterator = it\n  labels = [it.key]\n  content { port = it.value }\n}\ndynamic \"deep\" {\n  for_each = byname\n  content {\n    name = deep.key\n    dynamic \"inner\" {\n      for_each = ports\n      content { port = inner.value * deep.value }\n    }\n  }\n}\n",
        expect![[r#"
            deep = [{"inner": [{"port": 1}, {"port": 2}], "name": "a"}, {"inner": [{"port": 2}, {"port": 4}], "name": "b"}]
            group = {"port": null(number)}
            list = [{"port": 1}, {"port": 3}]
            map = {"a": {"port": 1}, "b": {"port": 2}}
            name = "n"
        "#]],
    );
    check(
        "name = \"n\"\nlist { port = 1 }\ndynamic \"list\" {\n  for_each = later\n  content { port = list.value }\n}\ndynamic \"single\" {\n  for_each = later\n  content {}\n}\ndynamic \"any_list\" {\n  for_each = later\n  content {}\n}\n",
        expect![[r#"
            any_list = unknown(any)
            group = {"port": null(number)}
            list = unknown(list(object({port = number})))
            name = "n"
            single = {"port": unknown(number)}
        "#]],
    );
    check(
        "name = \"n\"\ndynamic \"list\" {\n  for_each = secret\n  content { port = list.value }\n}\ndynamic \"set\" {\n  for_each = secret\n  content { port = set.value }\n}\n",
        expect![[r#"
            group = {"port": null(number)}
            list = [{"port": {"sensitive"}:1}, {"port": {"sensitive"}:2}]
            name = "n"
            set = {"sensitive"}:{{"port": 1}, {"port": 2}}
        "#]],
    );
    check(
        "name = \"n\"\ndynamic \"list\" {\n  for_each = nothing\n  content {}\n}\ndynamic \"list\" {\n  for_each = word\n  content {}\n}\ndynamic \"lst\" {\n  for_each = []\n  content {}\n}\ndynamic \"list\" {\n  for_each = []\n}\ndynamic \"list\" {\n  content {}\n}\ndynamic \"name\" {\n  for_each = []\n  content {}\n}\n",
        expect![[r#"
            group = {"port": null(number)}
            list = unknown(list(object({port = number})))
            name = "n"
            t.tf:10,9-14 Unsupported block type: Blocks of type "lst" are not expected here. Did you mean "list"?
            t.tf:20,9-15 Unsupported block type: Blocks of type "name" are not expected here. There is an argument of that name: write name = … instead of a dynamic block.
            t.tf:3,14-21 Invalid dynamic for_each value: Cannot use a null value in for_each. Use an empty list for no blocks.
            t.tf:7,14-18 Invalid dynamic for_each value: Cannot use a string value in for_each. An iterable collection is required.
            t.tf:14,1-15 Invalid dynamic block: A dynamic block has exactly one content block, which says what each block it makes contains.
            t.tf:17,16-17 Missing required argument: The argument "for_each" is required, but no definition was found.
        "#]],
    );
}

#[test]
fn attributes_as_blocks() {
    let object = Type::object([("port", Type::Number), ("name", Type::String)]);
    let schema = Block::new([("rule".into(), attribute(Type::set(object)))], []);
    check_by(
        &schema,
        "rule { port = 1 }\nrule {\n  port = 2\n  name = \"x\"\n}\n",
        expect![[r#"
            rule = {{"name": "x", "port": 2}, {"name": null(string), "port": 1}}
        "#]],
    );
    check_by(
        &schema,
        "rule = [{ port = 1, name = null }]\n",
        expect![[r#"
            rule = {{"name": null(string), "port": 1}}
        "#]],
    );
    check_by(
        &schema,
        "dynamic \"rule\" {\n  for_each = []\n  content { port = rule.value }\n}\n",
        expect![""],
    );
    check_by(
        &schema,
        "dynamic \"rule\" {\n  for_each = ports\n  content { port = rule.value }\n}\n",
        expect![[r#"
            rule = {{"name": null(string), "port": 1}, {"name": null(string), "port": 2}}
        "#]],
    );
}
