use super::*;
use crate::{Marks, Refinement};

fn s(text: &str) -> Value {
    Value::string(text)
}
fn n(i: i64) -> Value {
    Value::number(i)
}
fn object_with_optional(attrs: &[(&str, Type, bool)]) -> Type {
    let attrs = attrs.iter().map(|(n, t, o)| ((*n).into(), t.clone(), *o));
    Type::Object(std::sync::Arc::new(crate::ObjectType::with_optional(attrs)))
}

#[track_caller]
fn ok(value: &Value, want: &Type, text: &str) {
    let got = convert(value, want).unwrap_or_else(|e| panic!("{value:?} to {want}: {e}"));
    assert_eq!(format!("{got:?} {}", got.ty()), text, "{value:?} to {want}");
}

#[track_caller]
fn err(value: &Value, want: &Type, path: &str, message: &str) {
    let error = convert(value, want).expect_err("no conversion");
    assert_eq!(
        (error.path.to_string().as_str(), error.message.as_str()),
        (path, message)
    );
}

#[test]
fn primitives() {
    ok(&n(5), &Type::String, "\"5\" string");
    ok(&Value::number(1.5), &Type::String, "\"1.5\" string");
    ok(&Value::bool(true), &Type::String, "\"true\" string");
    ok(&s("0.1"), &Type::Number, "0.1 number");
    ok(&s("1"), &Type::Bool, "true bool");
    ok(&s("false"), &Type::Bool, "false bool");
    err(&s("x"), &Type::Number, "", "a number is required");
    err(&s("x"), &Type::Bool, "", "a bool is required");
    err(
        &s("TRUE"),
        &Type::Bool,
        "",
        "a bool is required; to convert from string, use lowercase \"true\"",
    );
    err(&n(1), &Type::Bool, "", "bool required");
    err(&Value::tuple(vec![]), &Type::String, "", "string required");
}

#[test]
fn tuples_to_collections() {
    let mixed = Value::tuple(vec![s("a"), n(1), Value::bool(true)]);
    ok(
        &mixed,
        &Type::list(Type::String),
        r#"["a", "1", "true"] list(string)"#,
    );
    ok(
        &mixed,
        &Type::list(Type::Dynamic),
        r#"["a", "1", "true"] list(string)"#,
    );
    ok(
        &Value::tuple(vec![n(1), n(1)]),
        &Type::set(Type::Dynamic),
        "{1} set(number)",
    );
    ok(
        &Value::tuple(vec![]),
        &Type::list(Type::Dynamic),
        "[] list(any)",
    );
    ok(
        &Value::tuple(vec![]),
        &Type::list(Type::Bool),
        "[] list(bool)",
    );
    let with_null = Value::tuple(vec![s("a"), Value::null(Type::Dynamic)]);
    ok(
        &with_null,
        &Type::list(Type::Dynamic),
        r#"["a", null(string)] list(string)"#,
    );
    err(
        &mixed,
        &Type::list(Type::Number),
        "",
        "element 2: number required",
    );
    let nested = Value::tuple(vec![s("a"), Value::tuple(vec![])]);
    err(
        &nested,
        &Type::list(Type::String),
        "",
        "element 1: string required",
    );
    err(
        &nested,
        &Type::list(Type::Dynamic),
        "",
        "all list elements must have the same type",
    );
    err(
        &Value::object([("a", n(1))]),
        &Type::list(Type::Bool),
        "",
        "list of bool required",
    );
    err(
        &s("x"),
        &Type::list(Type::Dynamic),
        "",
        "list of any single type required",
    );
}

#[test]
fn lists_and_sets() {
    let list = Value::list(Type::String, vec![s("b"), s("a"), s("b")]);
    ok(&list, &Type::set(Type::String), r#"{"a", "b"} set(string)"#);
    ok(
        &list,
        &Type::list(Type::Dynamic),
        r#"["b", "a", "b"] list(string)"#,
    );
    err(
        &list,
        &Type::list(Type::Number),
        "[0]",
        "a number is required",
    );
    err(
        &list,
        &Type::list(Type::list(Type::Bool)),
        "",
        "incorrect list element type: list of bool required",
    );
    let open = Value::set(Type::String, vec![s("a"), Value::unknown(Type::String)]);
    ok(
        &open,
        &Type::list(Type::String),
        "unknown(list(string)) list(string)",
    );
}

#[test]
fn objects_and_maps() {
    let object = Value::object([("a", n(1)), ("b", s("x"))]);
    ok(
        &object,
        &Type::map(Type::Dynamic),
        r#"{"a": "1", "b": "x"} map(string)"#,
    );
    ok(
        &object,
        &Type::object([("b", Type::String)]),
        r#"{"b": "x"} object({b = string})"#,
    );
    let want = object_with_optional(&[("b", Type::String, false), ("c", Type::Bool, true)]);
    ok(
        &object,
        &want,
        r#"{"b": "x", "c": null(bool)} object({b = string, c = bool})"#,
    );
    err(
        &object,
        &Type::object([("z", Type::Bool)]),
        "",
        "attribute \"z\" is required",
    );
    let three = Type::object([("x", Type::Bool), ("y", Type::Bool), ("z", Type::Bool)]);
    err(
        &object,
        &three,
        "",
        "attributes \"x\", \"y\", and \"z\" are required",
    );
    err(
        &object,
        &Type::object([("a", Type::list(Type::Bool))]),
        "",
        "attribute \"a\": list of bool required",
    );
    err(
        &object,
        &Type::object([("b", Type::Number)]),
        ".b",
        "a number is required",
    );
    err(
        &object,
        &Type::map(Type::Number),
        "[\"b\"]",
        "a number is required",
    );
    err(
        &object,
        &Type::map(Type::list(Type::Bool)),
        "",
        "element \"a\": list of bool required",
    );

    let map = Value::map(Type::String, [("a", s("1")), ("z", s("x"))]);
    ok(
        &map,
        &Type::object([("a", Type::Number)]),
        r#"{"a": 1} object({a = number})"#,
    );
    ok(
        &map,
        &object_with_optional(&[("a", Type::Number, false), ("q", Type::Bool, true)]),
        r#"{"a": 1, "q": null(bool)} object({a = number, q = bool})"#,
    );
    err(
        &map,
        &Type::object([("q", Type::Number)]),
        "",
        "map has no element for required attribute \"q\"",
    );
    let want = object_with_optional(&[("z", Type::list(Type::Bool), true)]);
    err(
        &map,
        &want,
        "",
        "map element type is incompatible with attribute \"z\": list of bool required",
    );
}

#[test]
fn deep_errors_have_a_path() {
    let value = Value::tuple(vec![Value::object([(
        "ports",
        Value::tuple(vec![n(1), s("x")]),
    )])]);
    let want = Type::list(Type::object([("ports", Type::list(Type::Number))]));
    err(&value, &want, "[0].ports[1]", "a number is required");
}

#[test]
fn nulls_unknowns_and_marks_go_through() {
    ok(
        &Value::null(Type::Dynamic),
        &Type::list(Type::Bool),
        "null(list(bool)) list(bool)",
    );
    ok(
        &Value::unknown(Type::Number),
        &Type::String,
        "unknown(string) string",
    );
    ok(
        &Value::dynamic(),
        &Type::list(Type::Dynamic),
        "unknown(list(any)) list(any)",
    );
    let object = Value::unknown(Type::object([("a", Type::Number), ("b", Type::String)]));
    let map = convert(&object, &Type::map(Type::Dynamic)).unwrap();
    assert_eq!(*map.ty(), Type::map(Type::String));
    assert_eq!(
        (
            map.refinement().unwrap().min_len,
            map.refinement().unwrap().max_len
        ),
        (2, Some(2))
    );
    let not_null = Value::unknown_refined(Type::Number, Refinement::range(1, 2));
    let text = convert(&not_null, &Type::String).unwrap();
    assert_eq!(text.refinement(), Some(&Refinement::not_null()));

    let secret = Value::tuple(vec![n(1).with_marks(Marks::SENSITIVE)]);
    let list = convert(&secret, &Type::list(Type::String)).unwrap();
    assert_eq!(
        list,
        Value::list(Type::String, vec![s("1").with_marks(Marks::SENSITIVE)])
    );
    let set = convert(&secret, &Type::set(Type::String)).unwrap();
    assert_eq!(
        set,
        Value::set(Type::String, vec![s("1")]).with_marks(Marks::SENSITIVE)
    );
}

#[test]
fn dynamic_inside_gets_one_type() {
    let value = Value::tuple(vec![
        Value::object([("v", n(1))]),
        Value::object([("v", s("x"))]),
    ]);
    let want = Type::list(Type::object([("v", Type::Dynamic)]));
    ok(
        &value,
        &want,
        r#"[{"v": "1"}, {"v": "x"}] list(object({v = string}))"#,
    );
    let want = Type::map(Type::list(Type::Dynamic));
    let value = Value::object([
        ("a", Value::tuple(vec![n(1)])),
        ("b", Value::tuple(vec![s("x")])),
    ]);
    ok(
        &value,
        &want,
        r#"{"a": ["1"], "b": ["x"]} map(list(string))"#,
    );
}

#[test]
fn safe_and_unsafe() {
    use Conversion::{Safe, Unsafe};
    let cases = [
        (Type::Number, Type::String, Some(Safe)),
        (Type::String, Type::Number, Some(Unsafe)),
        (Type::Number, Type::Bool, None),
        (Type::Dynamic, Type::Bool, Some(Unsafe)),
        (Type::Bool, Type::Dynamic, Some(Safe)),
        (Type::list(Type::Bool), Type::set(Type::Bool), Some(Unsafe)),
        (Type::set(Type::Bool), Type::list(Type::String), Some(Safe)),
        (
            Type::tuple([Type::Bool, Type::Number]),
            Type::list(Type::String),
            Some(Safe),
        ),
        (
            Type::map(Type::Bool),
            Type::object([("a", Type::Bool)]),
            Some(Unsafe),
        ),
        (
            Type::object([("a", Type::Bool)]),
            Type::map(Type::String),
            Some(Safe),
        ),
        (Type::map(Type::Bool), Type::list(Type::Bool), None),
    ];
    for (from, to, want) in cases {
        assert_eq!(conversion_exists(&from, &to), want, "{from} to {to}");
    }
}
