use super::*;
use crate::proto::tfplugin5;
use expect_test::expect;
use std::fmt::Write;
use wire::nested_block::NestingMode;

fn attribute(name: &str, flags: &str) -> wire::Attribute {
    wire::Attribute {
        name: name.to_owned(),
        r#type: b"\"string\"".to_vec(),
        required: flags.contains('r'),
        optional: flags.contains('o'),
        computed: flags.contains('c'),
        write_only: flags.contains('w'),
        ..wire::Attribute::default()
    }
}

fn blocks(name: &str, nesting: NestingMode, attribute: wire::Attribute) -> wire::NestedBlock {
    wire::NestedBlock {
        type_name: name.to_owned(),
        block: Some(wire::Block {
            attributes: vec![attribute],
            ..wire::Block::default()
        }),
        nesting: nesting.into(),
        min_items: 0,
        max_items: 2,
    }
}

fn of(attributes: Vec<wire::Attribute>, block_types: Vec<wire::NestedBlock>) -> tfplugin6::Schema {
    let block = wire::Block {
        attributes,
        block_types,
        ..wire::Block::default()
    };
    tfplugin6::Schema {
        version: 1,
        block: Some(block),
    }
}

#[test]
fn rules() {
    let object = wire::Object {
        attributes: vec![attribute("a", "o")],
        nesting: wire::object::NestingMode::List.into(),
        ..wire::Object::default()
    };
    let dynamic = wire::Attribute {
        r#type: b"\"dynamic\"".to_vec(),
        ..attribute("a", "o")
    };
    let nested = wire::Attribute {
        r#type: Vec::new(),
        nested_type: Some(object.clone()),
        ..attribute("n", "o")
    };
    let none = wire::nested_block::NestingMode::Invalid;
    let cases = [
        of(vec![attribute("a", "")], vec![]),
        of(vec![attribute("a", "rc")], vec![]),
        of(vec![attribute("a", "o"), attribute("a", "c")], vec![]),
        of(
            vec![wire::Attribute {
                nested_type: Some(object),
                ..attribute("a", "o")
            }],
            vec![],
        ),
        of(
            vec![wire::Attribute {
                r#type: Vec::new(),
                ..attribute("a", "o")
            }],
            vec![],
        ),
        of(
            vec![attribute("b", "o")],
            vec![blocks("b", NestingMode::List, attribute("a", "o"))],
        ),
        of(
            vec![],
            vec![blocks("B", NestingMode::List, attribute("a", "o"))],
        ),
        of(vec![], vec![blocks("b", none, attribute("a", "o"))]),
        of(vec![], vec![blocks("b", NestingMode::Set, dynamic.clone())]),
        of(
            vec![],
            vec![blocks("b", NestingMode::Set, attribute("a", "ow"))],
        ),
        of(
            vec![],
            vec![wire::NestedBlock {
                min_items: 3,
                ..blocks("b", NestingMode::Set, attribute("a", "o"))
            }],
        ),
        of(
            vec![],
            vec![wire::NestedBlock {
                min_items: -1,
                ..blocks("b", NestingMode::Set, attribute("a", "o"))
            }],
        ),
        of(
            vec![nested, dynamic],
            vec![blocks("b", NestingMode::Group, attribute("a", "ow"))],
        ),
    ];
    let mut text = String::new();
    for case in cases {
        match resource_schema(case) {
            Ok(schema) => writeln!(text, "{}", schema.block.implied_type().to_json()).unwrap(),
            Err(error) => writeln!(text, "{error}").unwrap(),
        }
    }
    expect![[r#"
        attribute "a": it is none of required, optional and computed
        attribute "a": it is required and also optional or computed
        "a" is there twice
        attribute "a": it has both a type and attributes of its own
        attribute "a": it has no type
        "b" is there twice
        the name "B" has something else in it than lower-case letters, digits and underscores
        block "b": its nesting mode is unknown
        block "b": it is a set, which may not contain attributes of dynamic type
        block "b": it is a set, which may not contain write-only attributes
        block "b": its smallest number of items is above its largest
        block "b": its number of items is negative
        ["object",{"a":"dynamic","b":["object",{"a":"string"}],"n":["list",["object",{"a":"string"}]]}]
    "#]].assert_eq(&text);
}

#[test]
fn what_is_written_is_read_in_both_versions() {
    let mut deprecated = attribute("a", "oc");
    deprecated.deprecated = true;
    deprecated.description = "What it *is*.".to_owned();
    deprecated.description_kind = StringKind::Markdown.into();
    let all = [
        NestingMode::Single,
        NestingMode::Group,
        NestingMode::List,
        NestingMode::Set,
        NestingMode::Map,
    ];
    let nested = all
        .iter()
        .map(|n| blocks(&n.as_str_name().to_lowercase(), *n, attribute("x", "r")));
    let schema = of(
        vec![deprecated, attribute("secret", "ow")],
        nested.collect(),
    );
    let read = resource_schema(schema).unwrap();
    let provider = ProviderSchema {
        resources: [("t".into(), Arc::new(read))].into_iter().collect(),
        plan_destroy: true,
        joins_reads: true,
        ..ProviderSchema::default()
    };
    let written = write::provider_schema(&provider);
    let v5 = tfplugin5::get_provider_schema::Response::try_from(written.clone()).unwrap();
    assert_eq!(tfplugin6::get_provider_schema::Response::from(v5), written);
    let again = resource_schema(written.resource_schemas["t"].clone()).unwrap();
    let again = ProviderSchema {
        resources: [("t".into(), Arc::new(again))].into_iter().collect(),
        ..provider_schema(written.clone()).unwrap()
    };
    assert_eq!(write::provider_schema(&again), written);
}
