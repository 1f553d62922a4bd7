//! Types that the built-in provider does not have: collections and nested blocks of a schema.

use super::*;
use crate::views::differ::{Replaced, block};
use cty::{Marks, Path, Type, Value};
use expect_test::{Expect, expect};
use schema::{Attribute, AttributeType, Block, NestedAttribute, NestedBlock, Nesting};

fn attribute(ty: Type) -> Attribute {
    Attribute {
        ty: AttributeType::Plain(ty),
        optional: true,
        ..Attribute::default()
    }
}

fn schema() -> Block {
    let inner = || {
        Block::new(
            [
                ("port".into(), attribute(Type::Number)),
                ("text".into(), attribute(Type::String)),
            ],
            [],
        )
    };
    let blocks = |nesting| NestedBlock {
        nesting,
        block: inner(),
        min_items: 0,
        max_items: 0,
    };
    let nested = NestedAttribute {
        nesting: Nesting::Map,
        attributes: [("on".into(), attribute(Type::Bool))].into(),
    };
    let nested = Attribute {
        ty: AttributeType::Nested(nested.into()),
        ..attribute(Type::Bool)
    };
    Block::new(
        [
            ("empty".into(), attribute(Type::String)),
            ("list".into(), attribute(Type::list(Type::String))),
            ("map".into(), attribute(Type::map(Type::String))),
            ("name".into(), attribute(Type::String)),
            ("nested".into(), nested),
            ("set".into(), attribute(Type::set(Type::Number))),
        ],
        [
            ("many".into(), blocks(Nesting::List)),
            ("one".into(), blocks(Nesting::Single)),
            ("some".into(), blocks(Nesting::Set)),
        ],
    )
}

fn value(json: &str) -> Value {
    cty::json::decode(json, &schema().implied_type()).unwrap()
}

#[track_caller]
fn check(before: &Value, after: &Value, replaced: &[Path], expected: Expect) {
    let there = |v: &Value| !v.is_null();
    let node = block(
        &schema(),
        Some(before).filter(|v| there(v)),
        Some(after).filter(|v| there(v)),
        &Replaced::new(replaced),
    );
    expected.assert_eq(&render(&node, 0, Look::default()));
}

const BEFORE: &str = r#"{
    "empty": "", "name": "n", "list": ["a", "b", "c", "d", "e"], "map": {"k": "1", "long key": "2"},
    "set": [1, 2, 3], "nested": {"x": {"on": true}, "y": {"on": false}},
    "one": {"port": 1, "text": "same"},
    "many": [{"port": 1, "text": null}, {"port": 2, "text": null}],
    "some": [{"port": 7, "text": "seven"}, {"port": 8, "text": null}]
}"#;

#[test]
fn collections_and_blocks_change() {
    let after = r#"{
        "empty": null, "name": "n", "list": ["a", "c", "x", "d", "e"], "map": {"k": "1", "long key": "3", "z": "0"},
        "set": [2, 3, 4], "nested": {"x": {"on": false}, "y": {"on": false}},
        "one": {"port": 9, "text": "same"},
        "many": [{"port": 1, "text": null}, {"port": 3, "text": null}, {"port": 4, "text": "new"}],
        "some": [{"port": 8, "text": null}, {"port": 9, "text": null}]
    }"#;
    let replaced = [
        Path::root().attr("one").attr("port"),
        Path::root().attr("map"),
    ];
    check(
        &value(BEFORE),
        &value(after),
        &replaced,
        expect![[r#"
        {
              ~ list   = [
                    "a",
                  - "b",
                    "c",
                  + "x",
                    "d",
                    # (1 unchanged element hidden)
                ]
              ~ map    = { # forces replacement
                  ~ "long key" = "2" -> "3"
                  + "z"        = "0"
                    # (1 unchanged element hidden)
                }
                name   = "n"
              ~ nested = {
                  ~ "x" = {
                      ~ on = true -> false
                    }
                    # (1 unchanged element hidden)
                }
              ~ set    = [
                  - 1,
                  + 4,
                    # (2 unchanged elements hidden)
                ]

              ~ many {
                  ~ port = 2 -> 3
                }
              + many {
                  + port = 4
                  + text = "new"
                }

              ~ one {
                  ~ port = 1 -> 9 # forces replacement
                    # (1 unchanged attribute hidden)
                }

              - some {
                  - port = 7 -> null
                  - text = "seven" -> null
                }
              + some {
                  + port = 9
                }

                # (2 unchanged blocks hidden)
            }"#]],
    );
}

#[test]
fn everything_is_made_and_goes() {
    let null = Value::null(schema().implied_type());
    check(
        &null,
        &value(BEFORE),
        &[],
        expect![[r#"
        {
              + list   = [
                  + "a",
                  + "b",
                  + "c",
                  + "d",
                  + "e",
                ]
              + map    = {
                  + "k"        = "1"
                  + "long key" = "2"
                }
              + name   = "n"
              + nested = {
                  + "x" = {
                      + on = true
                    }
                  + "y" = {
                      + on = false
                    }
                }
              + set    = [
                  + 1,
                  + 2,
                  + 3,
                ]

              + many {
                  + port = 1
                }
              + many {
                  + port = 2
                }

              + one {
                  + port = 1
                  + text = "same"
                }

              + some {
                  + port = 7
                  + text = "seven"
                }
              + some {
                  + port = 8
                }
            }"#]],
    );
    check(
        &value(BEFORE),
        &null,
        &[],
        expect![[r#"
        {
              - list   = [
                  - "a",
                  - "b",
                  - "c",
                  - "d",
                  - "e",
                ] -> null
              - map    = {
                  - "k"        = "1"
                  - "long key" = "2"
                } -> null
              - name   = "n" -> null
              - nested = {
                  - "x" = {
                      - on = true
                    }
                  - "y" = {
                      - on = false
                    }
                } -> null
              - set    = [
                  - 1,
                  - 2,
                  - 3,
                ] -> null

              - many {
                  - port = 1 -> null
                }
              - many {
                  - port = 2 -> null
                }

              - one {
                  - port = 1 -> null
                  - text = "same" -> null
                }

              - some {
                  - port = 7 -> null
                  - text = "seven" -> null
                }
              - some {
                  - port = 8 -> null
                }
            }"#]],
    );
}

#[test]
fn hidden_blocks_show_nothing() {
    let path = |name: &str| (Path::root().attr(name), Marks::SENSITIVE);
    let before = value(BEFORE).mark_with_paths(&[path("some"), path("map"), path("one")]);
    let after = value(
        &BEFORE
            .replace("\"seven\"", "\"six\"")
            .replace("\"2\"", "\"3\"")
            .replace("\"same\"", "\"other\""),
    );
    let after = after.mark_with_paths(&[path("some"), path("map"), path("one")]);
    check(
        &before,
        &after,
        &[],
        expect![[r#"
        {
              ~ map    = (sensitive value)
                name   = "n"
                # (3 unchanged attributes hidden)

              ~ one {
                    # At least one attribute in this block is (or was) sensitive,
                    # so its contents will not be displayed.
                }

              - some {
                    # At least one attribute in this block is (or was) sensitive,
                    # so its contents will not be displayed.
                }
              + some {
                    # At least one attribute in this block is (or was) sensitive,
                    # so its contents will not be displayed.
                }

                # (3 unchanged blocks hidden)
            }"#]],
    );
}
