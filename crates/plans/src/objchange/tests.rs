//! Tables for the laws. Objects are JSON text by the schema's type; the string `?` stands for an unknown
//! value.

mod laws;

use super::*;
use crate::{Action, ActionReason};
use cty::{Marks, Path, Refinement, Type, Value};
use expect_test::{Expect, expect};
use schema::{Attribute, AttributeType, Block, NestedAttribute, NestedBlock, Nesting};
use std::convert::Infallible;
use std::sync::Arc;

fn attribute(flags: &str, ty: AttributeType) -> Attribute {
    Attribute {
        ty,
        required: flags.contains('r'),
        optional: flags.contains('o'),
        computed: flags.contains('c'),
        sensitive: flags.contains('s'),
        write_only: flags.contains('w'),
        ..Attribute::default()
    }
}

fn string(flags: &str) -> Attribute {
    attribute(flags, AttributeType::Plain(Type::String))
}

fn plain(flags: &str, ty: Type) -> Attribute {
    attribute(flags, AttributeType::Plain(ty))
}

fn nested(flags: &str, nesting: Nesting, attributes: &[(&str, Attribute)]) -> Attribute {
    let attributes = attributes
        .iter()
        .map(|(n, a)| (Arc::from(*n), a.clone()))
        .collect();
    attribute(
        flags,
        AttributeType::Nested(Arc::new(NestedAttribute {
            nesting,
            attributes,
        })),
    )
}

fn blocks(nesting: Nesting, block: Block) -> NestedBlock {
    NestedBlock {
        nesting,
        block,
        min_items: 0,
        max_items: 0,
    }
}

fn block(attributes: &[(&str, Attribute)], nested: &[(&str, NestedBlock)]) -> Block {
    Block::new(
        attributes.iter().map(|(n, a)| (Arc::from(*n), a.clone())),
        nested.iter().map(|(n, b)| (Arc::from(*n), b.clone())),
    )
}

/// `a` optional, `c` computed, `b` both.
fn abc() -> [(&'static str, Attribute); 3] {
    [("a", string("o")), ("b", string("oc")), ("c", string("c"))]
}

/// One nested block type `x` of the attributes [`abc`].
fn with_blocks(nesting: Nesting) -> Block {
    block(&[], &[("x", blocks(nesting, block(&abc(), &[])))])
}

/// One nested attribute `x` of the attributes [`abc`].
fn with_nested(flags: &str, nesting: Nesting) -> Block {
    block(&[("x", nested(flags, nesting, &abc()))], &[])
}

/// JSON by a type.
fn value(ty: &Type, json: &str) -> Value {
    let value = cty::json::decode(json.as_bytes(), ty).unwrap();
    let unknown: Result<Value, Infallible> = cty::transform(&value, |_, part| {
        Ok(match part.as_str() {
            Some(text) if &**text == "?" => Value::unknown(Type::String),
            _ => part.clone(),
        })
    });
    unknown.unwrap()
}

fn text(value: &Value) -> String {
    format!("{value:?}").replace("null(string)", "null")
}

fn list(violations: &[Violation]) -> String {
    violations.iter().map(|v| format!("{v}\n")).collect()
}

#[track_caller]
fn check_proposed(block: &Block, prior: &str, config: &str, expected: Expect) {
    let ty = block.implied_type();
    let proposed = proposed_new(block, &value(&ty, prior), &value(&ty, config));
    assert_eq!(conforms(&proposed, &ty), []);
    expected.assert_eq(&text(&proposed));
}

#[test]
fn computed_attributes_keep_what_is_not_configured() {
    let block = block(&abc(), &[]);
    check_proposed(
        &block,
        r#"{"a":"1","b":"2","c":"3"}"#,
        r#"{"a":null,"b":null,"c":null}"#,
        expect![[r#"{"a": null, "b": "2", "c": "3"}"#]],
    );
    check_proposed(
        &block,
        r#"{"a":"1","b":"2","c":"3"}"#,
        r#"{"a":"?","b":"4","c":null}"#,
        expect![[r#"{"a": unknown(string), "b": "4", "c": "3"}"#]],
    );
    check_proposed(
        &block,
        "null",
        r#"{"a":"1","b":null,"c":null}"#,
        expect![[r#"{"a": "1", "b": null, "c": null}"#]],
    );
    check_proposed(
        &block,
        r#"{"a":"1","b":"2","c":"3"}"#,
        "null",
        expect![[r#"{"a": "1", "b": "2", "c": "3"}"#]],
    );
    let ty = block.implied_type();
    assert!(proposed_new(&block, &Value::null(ty.clone()), &Value::null(ty)).is_null());
}

#[test]
fn blocks_in_a_list_belong_together_by_index() {
    check_proposed(
        &with_blocks(Nesting::List),
        r#"{"x":[{"a":"1","b":"p","c":"q"}]}"#,
        r#"{"x":[{"a":"2","b":null,"c":null},{"a":"3","b":null,"c":null}]}"#,
        expect![[r#"{"x": [{"a": "2", "b": "p", "c": "q"}, {"a": "3", "b": null, "c": null}]}"#]],
    );
    check_proposed(
        &with_blocks(Nesting::List),
        r#"{"x":[{"a":"1","b":"p","c":"q"}]}"#,
        r#"{"x":[]}"#,
        expect![[r#"{"x": []}"#]],
    );
}

#[test]
fn blocks_in_a_map_belong_together_by_key() {
    check_proposed(
        &with_blocks(Nesting::Map),
        r#"{"x":{"k":{"a":"1","b":"p","c":"q"},"l":{"a":"1","b":"p","c":"q"}}}"#,
        r#"{"x":{"k":{"a":"2","b":null,"c":null},"m":{"a":"3","b":null,"c":null}}}"#,
        expect![[
            r#"{"x": {"k": {"a": "2", "b": "p", "c": "q"}, "m": {"a": "3", "b": null, "c": null}}}"#
        ]],
    );
}

#[test]
fn blocks_in_a_set_belong_together_if_one_could_have_become_the_other() {
    check_proposed(
        &with_blocks(Nesting::Set),
        r#"{"x":[{"a":"1","b":"p","c":"q"},{"a":"2","b":"r","c":"s"}]}"#,
        r#"{"x":[{"a":"2","b":null,"c":null},{"a":"1","b":"z","c":null},{"a":"3","b":null,"c":null}]}"#,
        expect![[
            r#"{"x": {{"a": "1", "b": "z", "c": null}, {"a": "2", "b": "r", "c": "s"}, {"a": "3", "b": null, "c": null}}}"#
        ]],
    );
    // Each prior element is used once.
    check_proposed(
        &with_blocks(Nesting::Set),
        r#"{"x":[{"a":"1","b":"p","c":"q"}]}"#,
        r#"{"x":[{"a":"1","b":null,"c":null},{"a":"1","b":"p","c":null}]}"#,
        expect![[r#"{"x": {{"a": "1", "b": "p", "c": "q"}, {"a": "1", "b": null, "c": null}}}"#]],
    );
}

#[test]
fn one_block_is_merged() {
    check_proposed(
        &with_blocks(Nesting::Single),
        r#"{"x":{"a":"1","b":"p","c":"q"}}"#,
        r#"{"x":{"a":"2","b":null,"c":null}}"#,
        expect![[r#"{"x": {"a": "2", "b": "p", "c": "q"}}"#]],
    );
    let null = |block: &Block, json: &str| {
        let ty = block.implied_type();
        text(&proposed_new(
            block,
            &value(&ty, json),
            &value(&ty, r#"{"x":null}"#),
        ))
    };
    expect!["{\"x\": null(object({a = string, b = string, c = string}))}"].assert_eq(&null(
        &with_blocks(Nesting::Single),
        r#"{"x":{"a":"2","b":"p","c":null}}"#,
    ));
}

#[test]
fn lists_of_blocks_with_dynamic_inside_are_tuples() {
    let dynamic = block(
        &[],
        &[(
            "x",
            blocks(
                Nesting::List,
                block(&[("d", plain("o", Type::Dynamic)), ("c", string("c"))], &[]),
            ),
        )],
    );
    let object = |d: Value, c: Value| Value::object([("d", d), ("c", c)]);
    let x = |values| Value::object([("x", Value::tuple(values))]);
    let prior = x(vec![object(Value::number(1), Value::string("p"))]);
    let config = x(vec![
        object(Value::string("s"), Value::null(Type::String)),
        object(Value::number(2), Value::null(Type::String)),
    ]);
    expect![[r#"{"x": [{"c": "p", "d": "s"}, {"c": null, "d": 2}]}"#]]
        .assert_eq(&text(&proposed_new(&dynamic, &prior, &config)));
    let unknown = Value::object([("x", Value::dynamic())]);
    assert_eq!(proposed_new(&dynamic, &prior, &unknown), unknown);
}

#[test]
fn nested_attributes_are_merged_like_blocks() {
    check_proposed(
        &with_nested("o", Nesting::List),
        r#"{"x":[{"a":"1","b":"p","c":"q"}]}"#,
        r#"{"x":[{"a":"2","b":null,"c":null},null]}"#,
        expect![[
            r#"{"x": [{"a": "2", "b": "p", "c": "q"}, null(object({a = string, b = string, c = string}))]}"#
        ]],
    );
    check_proposed(
        &with_nested("o", Nesting::Set),
        r#"{"x":[{"a":"1","b":"p","c":"q"}]}"#,
        r#"{"x":[{"a":"1","b":null,"c":null},{"a":"2","b":null,"c":null}]}"#,
        expect![[r#"{"x": {{"a": "1", "b": "p", "c": "q"}, {"a": "2", "b": null, "c": null}}}"#]],
    );
    check_proposed(
        &with_nested("o", Nesting::Single),
        "null",
        r#"{"x":{"a":"1","b":null,"c":null}}"#,
        expect![[r#"{"x": {"a": "1", "b": null, "c": null}}"#]],
    );
}

#[test]
fn a_computed_nested_attribute_that_was_configured_goes_with_its_configuration() {
    check_proposed(
        &with_nested("oc", Nesting::Single),
        r#"{"x":{"a":"1","b":"p","c":"q"}}"#,
        r#"{"x":null}"#,
        expect![[r#"{"x": null(object({a = string, b = string, c = string}))}"#]],
    );
    check_proposed(
        &with_nested("oc", Nesting::Single),
        r#"{"x":{"a":null,"b":"p","c":"q"}}"#,
        r#"{"x":null}"#,
        expect![[r#"{"x": {"a": null, "b": "p", "c": "q"}}"#]],
    );
    check_proposed(
        &with_nested("c", Nesting::List),
        r#"{"x":[{"a":"1","b":"p","c":"q"}]}"#,
        r#"{"x":null}"#,
        expect![[r#"{"x": [{"a": "1", "b": "p", "c": "q"}]}"#]],
    );
}

#[test]
fn unread_data_is_unknown_where_the_provider_decides() {
    let block = block(&abc(), &[("x", blocks(Nesting::List, block(&abc(), &[])))]);
    let ty = block.implied_type();
    let config = value(
        &ty,
        r#"{"a":"1","b":"2","c":null,"x":[{"a":null,"b":null,"c":null}]}"#,
    );
    expect![[r#"{"a": "1", "b": "2", "c": unknown(string), "x": [{"a": null, "b": unknown(string), "c": unknown(string)}]}"#]]
        .assert_eq(&text(&planned_data_object(&block, &config)));
}

#[track_caller]
fn check_plan(block: &Block, prior: &str, config: &str, planned: &str, expected: Expect) {
    let ty = block.implied_type();
    let [prior, config, planned] = [prior, config, planned].map(|json| value(&ty, json));
    expected.assert_eq(&list(&assert_plan_valid(block, &prior, &config, &planned)));
}

#[test]
fn plans_keep_to_the_configuration() {
    let abc = block(&abc(), &[]);
    let configs = r#"{"a":"1","b":null,"c":null}"#;
    check_plan(
        &abc,
        "null",
        configs,
        r#"{"a":"1","b":"?","c":"?"}"#,
        expect![""],
    );
    check_plan(
        &abc,
        r#"{"a":"1 ","b":null,"c":null}"#,
        configs,
        r#"{"a":"1 ","b":"x","c":"?"}"#,
        expect![""],
    );
    check_plan(
        &abc,
        r#"{"a":"0","b":null,"c":null}"#,
        configs,
        r#"{"a":"2","b":"x","c":"?"}"#,
        expect![[r#"
            .a: planned value "2" is not the configured value "1" nor prior value "0"
        "#]],
    );
    check_plan(
        &abc,
        "null",
        r#"{"a":null,"b":"1","c":null}"#,
        r#"{"a":"2","b":"?","c":null}"#,
        expect![[r#"
            .a: planned as "2" though the attribute is not computed and not configured
            .b: planned value unknown(string) is not the configured value "1"
        "#]],
    );
    check_plan(
        &abc,
        "null",
        configs,
        "null",
        expect![[r#"
        planned to be absent, but the configuration wants it
    "#]],
    );
    check_plan(
        &abc,
        "null",
        "null",
        r#"{"a":"1","b":"?","c":"?"}"#,
        expect![[r#"
        planned, but the configuration does not have it
    "#]],
    );
    let secret = block(&[("p", string("rs")), ("w", string("ow"))], &[]);
    check_plan(
        &secret,
        r#"{"p":"x","w":null}"#,
        r#"{"p":"hidden","w":"hidden"}"#,
        r#"{"p":"other","w":"other"}"#,
        expect![[r#"
            .p: the planned sensitive value is not the configured value nor prior value
            .w: planned for a write-only attribute, which must be null
        "#]],
    );
}

#[test]
fn plans_keep_refinements_out_of_it() {
    let abc = block(&abc(), &[]);
    let object = |a: Value| {
        Value::object([
            ("a", a),
            ("b", Value::null(Type::String)),
            ("c", Value::null(Type::String)),
        ])
    };
    let refined = Value::unknown_refined(Type::String, Refinement::starts_with("ab-"));
    let null = Value::null(abc.implied_type());
    let found = assert_plan_valid(
        &abc,
        &null,
        &object(refined),
        &object(Value::unknown(Type::String)),
    );
    assert_eq!(found, []);
}

#[test]
fn plans_keep_blocks() {
    let x = |n: usize| {
        let one = r#"{"a":"1","b":null,"c":null}"#;
        format!(r#"{{"x":[{}]}}"#, vec![one; n].join(","))
    };
    let list = with_blocks(Nesting::List);
    check_plan(
        &list,
        "null",
        &x(2),
        &x(2).replacen("null", "\"?\"", 2),
        expect![""],
    );
    check_plan(
        &list,
        "null",
        &x(2),
        &x(1),
        expect![[r#"
        .x: 1 planned, but 2 configured
    "#]],
    );
    check_plan(
        &list,
        "null",
        &x(1),
        r#"{"x":null}"#,
        expect![[r#"
        .x: planned as null; a nested block type without blocks must be empty
    "#]],
    );
    check_plan(
        &list,
        "null",
        &x(1),
        &x(1).replace("\"1\"", "\"2\""),
        expect![[r#"
            .x[0].a: planned value "2" is not the configured value "1"
        "#]],
    );
    let map = with_blocks(Nesting::Map);
    check_plan(
        &map,
        "null",
        r#"{"x":{"k":{"a":null,"b":null,"c":null}}}"#,
        r#"{"x":{"l":{"a":null,"b":null,"c":null}}}"#,
        expect![[r#"
            .x["k"]: configured, but missing in the plan
            .x["l"]: planned, but not configured
        "#]],
    );
    // The contents of sets are the provider's.
    check_plan(
        &with_blocks(Nesting::Set),
        "null",
        &x(1),
        r#"{"x":[{"a":"9","b":"?","c":"?"}]}"#,
        expect![""],
    );
    let ty = list.implied_type();
    let unknown = Value::object([(
        "x",
        Value::unknown(ty.as_object().unwrap().get("x").unwrap().clone()),
    )]);
    let known = value(&ty, &x(1));
    let null = Value::null(ty);
    let found = assert_plan_valid(&list, &null, &unknown, &known);
    expect![[r#"
        .x: planned as [{"a": "1", "b": null(string), "c": null(string)}] though the blocks that a dynamic block makes are not known yet
    "#]]
    .assert_eq(&super::tests::list(&found));
    let found = assert_plan_valid(&list, &null, &known, &unknown);
    expect![[r#"
        .x: a nested block must not be unknown itself; only its attributes may be
    "#]]
    .assert_eq(&super::tests::list(&found));
}

#[test]
fn plans_keep_nested_attributes() {
    let one = r#"{"x":[{"a":"1","b":null,"c":null}]}"#;
    let list = with_nested("oc", Nesting::List);
    check_plan(
        &list,
        "null",
        one,
        r#"{"x":[{"a":"1","b":"?","c":"?"}]}"#,
        expect![""],
    );
    check_plan(
        &list,
        "null",
        one,
        r#"{"x":null}"#,
        expect![[r#"
        .x: planned to be absent, but the configuration wants it
    "#]],
    );
    check_plan(&list, "null", r#"{"x":null}"#, one, expect![""]);
    check_plan(
        &list,
        "null",
        one,
        r#"{"x":[{"a":"2","b":"?","c":"?"}]}"#,
        expect![[r#"
            .x[0].a: planned value "2" is not the configured value "1"
        "#]],
    );
    let set = with_nested("o", Nesting::Set);
    check_plan(
        &set,
        "null",
        one,
        r#"{"x":[{"a":"2","b":"0","c":"0"},{"a":"3","b":"0","c":"0"}]}"#,
        expect![[r#"
            .x: 2 planned, but 1 configured
        "#]],
    );
}

#[track_caller]
fn check_compatible(block: &Block, planned: &str, actual: &str, expected: Expect) {
    let ty = block.implied_type();
    let (planned, actual) = (value(&ty, planned), value(&ty, actual));
    expected.assert_eq(&list(&assert_object_compatible(block, &planned, &actual)));
}

#[test]
fn what_was_known_must_come_true() {
    let abc = block(&abc(), &[]);
    check_compatible(
        &abc,
        r#"{"a":"1","b":"?","c":null}"#,
        r#"{"a":"1","b":"x","c":null}"#,
        expect![""],
    );
    check_compatible(
        &abc,
        r#"{"a":"1","b":"2","c":null}"#,
        r#"{"a":"0","b":"?","c":"x"}"#,
        expect![[r#"
            .a: was "1", but is "0" now
            .b: was known, but is unknown now
            .c: was null(string), but is "x" now
        "#]],
    );
    check_compatible(
        &abc,
        "null",
        r#"{"a":"0","b":"?","c":"x"}"#,
        expect![[r#"
        planned to be absent, but present now
    "#]],
    );
    check_compatible(
        &abc,
        r#"{"a":"0","b":"?","c":"x"}"#,
        "null",
        expect![[r#"
        planned to be present, but absent now
    "#]],
    );
    let secret = block(&[("p", string("rs"))], &[]);
    check_compatible(
        &secret,
        r#"{"p":"hidden"}"#,
        r#"{"p":"other"}"#,
        expect![[r#"
            .p: the sensitive value is not what was planned
        "#]],
    );
}

#[test]
fn what_was_unknown_must_come_true_within_its_limits() {
    let one = block(&[("a", string("c"))], &[]);
    let object = |a: Value| Value::object([("a", a)]);
    let planned = object(Value::unknown_refined(
        Type::String,
        Refinement::starts_with("ab-"),
    ));
    let check = |actual: Value| list(&assert_object_compatible(&one, &planned, &object(actual)));
    assert_eq!(check(Value::string("ab-c")), "");
    assert_eq!(check(Value::unknown(Type::String)), "");
    expect![[r#"
        .a: "xy" is not what the plan said of the unknown value: unknown(string, not null, starts with "ab-")
    "#]]
    .assert_eq(&check(Value::string("xy")));
    assert_ne!(check(Value::null(Type::String)), "");
    let any = block(&[("a", plain("c", Type::Dynamic))], &[]);
    let planned = object(Value::dynamic());
    assert_eq!(
        assert_object_compatible(&any, &planned, &object(Value::number(1))),
        []
    );
    let planned = object(Value::string("x"));
    expect![[r#"
        .a: string is required, not number
    "#]]
    .assert_eq(&list(&assert_object_compatible(
        &any,
        &planned,
        &object(Value::number(1)),
    )));
}

#[test]
fn blocks_come_true() {
    let x = |items: &[&str]| {
        let items: Vec<_> = items
            .iter()
            .map(|a| format!(r#"{{"a":"{a}","b":null,"c":null}}"#))
            .collect();
        format!(r#"{{"x":[{}]}}"#, items.join(","))
    };
    let list = with_blocks(Nesting::List);
    check_compatible(&list, &x(&["1", "?"]), &x(&["1", "2"]), expect![""]);
    check_compatible(
        &list,
        &x(&["1"]),
        &x(&["1", "2"]),
        expect![[r#"
        .x: 1 blocks were planned, but there are 2 now
    "#]],
    );
    check_compatible(
        &list,
        &x(&["1"]),
        &x(&["2"]),
        expect![[r#"
        .x[0].a: was "1", but is "2" now
    "#]],
    );
    let set = with_blocks(Nesting::Set);
    check_compatible(&set, &x(&["1", "?"]), &x(&["2", "1"]), expect![""]);
    check_compatible(&set, &x(&["1", "?"]), &x(&["1"]), expect![""]);
    check_compatible(
        &set,
        &x(&["1", "2"]),
        &x(&["2", "3"]),
        expect![[r#"
        .x: no element is what was planned as {"a": "1", "b": null(string), "c": null(string)}
    "#]],
    );
    check_compatible(
        &set,
        &x(&["1"]),
        &x(&["1", "3"]),
        expect![[r#"
        .x: 1 elements were planned, but there are 2 now
        .x: the element {"a": "3", "b": null(string), "c": null(string)} was not planned
    "#]],
    );
}

#[test]
fn collections_come_true() {
    let block = block(
        &[
            ("l", plain("c", Type::list(Type::String))),
            ("m", plain("c", Type::map(Type::String))),
            ("s", plain("c", Type::set(Type::String))),
        ],
        &[],
    );
    check_compatible(
        &block,
        r#"{"l":["1","?"],"m":{"k":"?"},"s":["1","?"]}"#,
        r#"{"l":["1","2"],"m":{"k":"v"},"s":["1"]}"#,
        expect![""],
    );
    check_compatible(
        &block,
        r#"{"l":["1","2"],"m":{"k":"v"},"s":["1","2"]}"#,
        r#"{"l":["1"],"m":{"k":"w","n":"v"},"s":["1","3"]}"#,
        expect![[r#"
            .l[1]: the planned element is missing now
            .m["k"]: was "v", but is "w" now
            .m["n"]: the element was not planned
            .s: no element is what was planned as "2"
        "#]],
    );
}

#[test]
fn old_type_systems_are_brought_into_form() {
    let inner = block(&abc(), &[]);
    let all = block(
        &[("id", string("c"))],
        &[
            ("g", blocks(Nesting::Group, inner.clone())),
            ("l", blocks(Nesting::List, inner.clone())),
            ("s", blocks(Nesting::Set, inner.clone())),
            ("o", blocks(Nesting::Single, inner)),
        ],
    );
    let ty = all.implied_type();
    let normal = normalize_legacy(
        &all,
        &value(&ty, r#"{"id":"i","g":null,"l":null,"s":null,"o":null}"#),
    );
    expect![[r#"{"g": {"a": null, "b": null, "c": null}, "id": "i", "l": [], "o": null(object({a = string, b = string, c = string})), "s": {}}"#]]
        .assert_eq(&text(&normal));
    let unknown = all.implied_type();
    let parts = unknown
        .as_object()
        .unwrap()
        .iter()
        .map(|(n, t)| (n.clone(), Value::unknown(t.clone())));
    let normal = normalize_legacy(&all, &Value::object(parts));
    assert_eq!(conforms(&normal, &ty), []);
    expect![[r#"[{"a": unknown(string), "b": unknown(string), "c": unknown(string)}]"#]]
        .assert_eq(&text(normal.get("l").unwrap()));
    assert!(normalize_legacy(&all, &Value::null(ty.clone())).is_null());
}

#[track_caller]
fn check_ignored(paths: &[&[&str]], expected: Expect) {
    let block = block(
        &[
            ("a", string("o")),
            ("c", string("c")),
            ("m", plain("o", Type::map(Type::String))),
            ("l", plain("o", Type::list(Type::String))),
        ],
        &[("x", blocks(Nesting::List, block(&abc(), &[])))],
    );
    let ty = block.implied_type();
    let prior = value(
        &ty,
        r#"{"a":"old","c":"id","m":{"k":"old","gone":"old"},"l":["old"],"x":[{"a":"old","b":"old","c":"old"}]}"#,
    );
    let config = value(
        &ty,
        r#"{"a":"new","c":null,"m":{"k":"new","more":"new"},"l":["new"],"x":[{"a":"new","b":null,"c":null}]}"#,
    );
    let range = diags::SourceRange::start_of("main.tf");
    let path = |steps: &&[&str]| {
        let steps = steps
            .iter()
            .fold(Path::root(), |path, step| match step.strip_prefix('=') {
                Some(key) => path.index(match key.parse::<i64>() {
                    Ok(i) => Value::number(i),
                    Err(_) => Value::string(key),
                }),
                None => path.attr(*step),
            });
        (steps, range.clone())
    };
    let ignore = match paths {
        [] => configs::IgnoreChanges::All,
        paths => configs::IgnoreChanges::Paths(paths.iter().map(path).collect()),
    };
    let kept = apply_ignore_changes(&config, &prior, &ignore, Some(&block));
    assert_eq!(conforms(&kept, &ty), []);
    expected.assert_eq(&text(&kept));
    assert_eq!(
        apply_ignore_changes(&config, &Value::null(ty), &ignore, Some(&block)),
        config
    );
}

#[test]
fn ignored_changes_stay_as_they_were() {
    check_ignored(
        &[&["a"]],
        expect![[
            r#"{"a": "old", "c": null, "l": ["new"], "m": {"k": "new", "more": "new"}, "x": [{"a": "new", "b": null, "c": null}]}"#
        ]],
    );
    check_ignored(
        &[&["m", "=k"], &["m", "=gone"], &["m", "=more"]],
        expect![[
            r#"{"a": "new", "c": null, "l": ["new"], "m": {"gone": "old", "k": "old"}, "x": [{"a": "new", "b": null, "c": null}]}"#
        ]],
    );
    check_ignored(
        &[&["m"], &["m", "=k"], &["nothing"]],
        expect![[
            r#"{"a": "new", "c": null, "l": ["new"], "m": {"gone": "old", "k": "old"}, "x": [{"a": "new", "b": null, "c": null}]}"#
        ]],
    );
    check_ignored(
        &[&["l", "=0"], &["l", "=7"], &["x", "=0", "a"]],
        expect![[
            r#"{"a": "new", "c": null, "l": ["old"], "m": {"k": "new", "more": "new"}, "x": [{"a": "old", "b": null, "c": null}]}"#
        ]],
    );
    check_ignored(
        &[],
        expect![[
            r#"{"a": "old", "c": null, "l": ["old"], "m": {"gone": "old", "k": "old"}, "x": [{"a": "old", "b": "old", "c": null}]}"#
        ]],
    );
}

#[test]
fn only_changes_need_a_new_object() {
    let block = block(
        &[
            ("a", string("o")),
            ("b", string("o")),
            ("c", string("c")),
            ("w", string("ow")),
        ],
        &[],
    );
    let ty = block.implied_type();
    let prior = value(&ty, r#"{"a":"1","b":"1","c":"1","w":null}"#);
    let planned = value(&ty, r#"{"a":"1","b":"2","c":"?","w":null}"#);
    let paths = ["a", "b", "b", "c", "w", "z"].map(|n| Path::root().attr(n));
    let counted = |prior: &Value| -> String {
        let paths = filter_requires_replace(prior, &planned, &paths, &block);
        paths.iter().map(ToString::to_string).collect()
    };
    assert_eq!(counted(&prior), ".b.c.w");
    assert_eq!(counted(&Value::null(ty)), "");
    expect![[r#"
        .z: said to need a new object, but there is no such attribute
    "#]]
    .assert_eq(&list(&assert_replace_paths(&prior, &planned, &paths)));
}

#[test]
fn actions_follow_from_values() {
    let object = |a: &str| Value::object([("a", Value::string(a))]);
    let null = Value::null(object("1").ty().clone());
    let path = [Path::root().attr("a")];
    let decide = |prior: &Value, planned: &Value, paths: &[Path], forced, first| {
        action(&Decision {
            prior,
            planned,
            replace_paths: paths,
            forced,
            create_before_destroy: first,
        })
    };
    let secret = Value::object([("a", Value::string("1").with_marks(Marks::SENSITIVE))]);
    let (one, two) = (object("1"), object("2"));
    assert_eq!(
        decide(&null, &one, &path, None, true),
        (Action::Create, None)
    );
    assert_eq!(decide(&one, &null, &[], None, true), (Action::Delete, None));
    assert_eq!(decide(&one, &one, &[], None, true), (Action::NoOp, None));
    assert_eq!(decide(&one, &two, &[], None, true), (Action::Update, None));
    assert_eq!(
        decide(&one, &secret, &[], None, true),
        (Action::Update, None)
    );
    let cannot = Some(ActionReason::ReplaceBecauseCannotUpdate);
    assert_eq!(
        decide(&one, &two, &path, None, true),
        (Action::CreateThenDelete, cannot)
    );
    let taint = Some(ActionReason::ReplaceBecauseTainted);
    assert_eq!(
        decide(&one, &one, &path, taint, false),
        (Action::DeleteThenCreate, taint)
    );
}

#[test]
fn write_only_values_are_found() {
    let inner = block(&[("w", string("ow"))], &[]);
    let block = block(
        &[
            ("w", string("ow")),
            ("n", nested("o", Nesting::List, &[("w", string("ow"))])),
        ],
        &[("x", blocks(Nesting::Single, inner))],
    );
    let ty = block.implied_type();
    let check = |json: &str| list(&assert_write_only_null(&block, &value(&ty, json)));
    expect![[r#"
        .n[0].w: write-only attributes must be null
        .w: write-only attributes must be null
        .x.w: write-only attributes must be null
    "#]]
    .assert_eq(&check(r#"{"w":"s","n":[{"w":"s"}],"x":{"w":"s"}}"#));
    assert_eq!(check(r#"{"w":null,"n":null,"x":null}"#), "");
}

#[test]
fn types_are_checked() {
    let want = Type::object([
        ("a", Type::list(Type::String)),
        ("b", Type::Dynamic),
        ("c", Type::Bool),
    ]);
    let value = Value::object([
        ("a", Value::list(Type::Number, vec![])),
        ("b", Value::number(1)),
        ("d", Value::null(Type::Bool)),
    ]);
    expect![[r#"
        .a[...]: string is required, not number
        .c: the attribute is missing
        .d: there is no such attribute
    "#]]
    .assert_eq(&list(&conforms(&value, &want)));
}

#[test]
fn unknown_parts_are_found_and_filled() {
    let abc = block(&abc(), &[("x", blocks(Nesting::List, block(&abc(), &[])))]);
    let ty = abc.implied_type();
    let known = value(
        &ty,
        r#"{"a":null,"b":null,"c":"1","x":[{"a":"1","b":"2","c":null}]}"#,
    );
    let planned = unknown_computed(&abc, &known);
    expect![[r#"
        .b: must be known
        .x[0].c: must be known
    "#]]
    .assert_eq(&list(&unknown_parts(&planned)));
    assert_eq!(unknowns_as_null(&planned), known);
}
