use super::*;
use crate::{Path, Step};

fn n(i: i64) -> Value {
    Value::number(i)
}
fn s(text: &str) -> Value {
    Value::string(text)
}
fn list(values: Vec<Value>) -> Value {
    Value::list(Type::Number, values)
}
fn between(lower: i64, upper: i64) -> Value {
    Value::unknown_refined(Type::Number, Refinement::range(lower, upper))
}

#[test]
fn equality_is_three_valued() {
    let unknown = || Value::unknown(Type::String);
    let not_null = || Value::unknown_refined(Type::String, Refinement::not_null());
    let prefixed = || Value::unknown_refined(Type::String, Refinement::starts_with("a-"));
    let null = || Value::null(Type::String);
    let cases = [
        (n(1), Value::number(1.0), Some(true)),
        (n(1), s("1"), Some(false)),
        (null(), Value::null(Type::Number), Some(true)),
        (null(), s(""), Some(false)),
        (null(), unknown(), None),
        (null(), not_null(), Some(false)),
        (s("b"), prefixed(), Some(false)),
        (s("a-b"), prefixed(), None),
        (n(1), unknown(), Some(false)),
        (n(1), Value::dynamic(), None),
        (n(5), between(1, 3), Some(false)),
        (n(3), between(1, 3), None),
        (unknown(), unknown(), None),
        (list(vec![n(1)]), list(vec![n(1)]), Some(true)),
        (list(vec![n(1)]), list(vec![n(1), n(2)]), Some(false)),
        (
            list(vec![n(1), between(1, 3)]),
            list(vec![n(1), n(2)]),
            None,
        ),
        (
            list(vec![n(1), between(1, 3)]),
            list(vec![n(1), n(7)]),
            Some(false),
        ),
        (
            Value::object([("a", unknown()), ("b", n(1))]),
            Value::object([("a", s("x")), ("b", n(2))]),
            Some(false),
        ),
        (
            Value::object([("a", Value::dynamic())]),
            Value::object([("a", s("x"))]),
            None,
        ),
        (
            Value::object([("a", Value::dynamic())]),
            Value::object([("b", s("x"))]),
            Some(false),
        ),
        (
            Value::set(Type::Number, vec![n(1), n(2)]),
            Value::set(Type::Number, vec![n(2), n(1)]),
            Some(true),
        ),
        (
            Value::set(Type::Number, vec![n(1), Value::unknown(Type::Number)]),
            Value::set(Type::Number, vec![n(2), n(1)]),
            None,
        ),
        (
            Value::map(Type::Number, [("a", n(1))]),
            Value::map(Type::Number, [("b", n(1))]),
            Some(false),
        ),
    ];
    for (a, b, want) in cases {
        let want = bool_or_unknown(want, Marks::NONE);
        assert_eq!(equals(&a, &b), want, "{a:?} == {b:?}");
        assert_eq!(equals(&b, &a), want, "{b:?} == {a:?}");
        assert_eq!(not_equal(&a, &b), not(&want).unwrap());
    }
}

#[test]
fn marks_of_all_operands_go_to_the_result() {
    let secret = n(1).with_marks(Marks::SENSITIVE);
    let fleeting = n(2).with_marks(Marks::EPHEMERAL);
    let both = Marks::SENSITIVE | Marks::EPHEMERAL;
    assert_eq!(add(&secret, &fleeting).unwrap(), n(3).with_marks(both));
    assert_eq!(
        less(&secret, &fleeting).unwrap(),
        Value::bool(true).with_marks(both)
    );
    let deep = list(vec![secret.clone()]);
    assert_eq!(
        equals(&deep, &list(vec![n(1)])),
        Value::bool(true).with_marks(Marks::SENSITIVE)
    );
    let outer = list(vec![n(7)]).with_marks(Marks::SENSITIVE);
    assert_eq!(
        outer.index(&n(0)).unwrap(),
        n(7).with_marks(Marks::SENSITIVE)
    );
    assert_eq!(outer.length().unwrap(), n(1).with_marks(Marks::SENSITIVE));
}

#[test]
fn unknown_numbers_keep_their_range() {
    assert_eq!(add(&between(1, 2), &n(10)).unwrap(), between(11, 12));
    assert_eq!(sub(&n(10), &between(1, 2)).unwrap(), between(8, 9));
    assert_eq!(mul(&between(1, 2), &n(-3)).unwrap(), between(-6, -3));
    assert_eq!(less(&between(1, 2), &n(3)).unwrap(), Value::bool(true));
    assert_eq!(greater(&between(1, 2), &n(3)).unwrap(), Value::bool(false));
    assert!(!less(&between(1, 3), &n(3)).unwrap().is_known());
    assert_eq!(less_eq(&n(3), &n(3)).unwrap(), Value::bool(true));
    let free = Value::unknown_refined(Type::Number, Refinement::not_null());
    assert_eq!(add(&Value::dynamic(), &n(1)).unwrap(), free);
    assert_eq!(div(&between(1, 2), &n(2)).unwrap(), free);
    assert_eq!(mul(&Value::unknown(Type::Number), &n(0)).unwrap(), free);
}

#[test]
fn logic_answers_as_soon_as_it_can() {
    let (yes, no, unknown) = (
        Value::bool(true),
        Value::bool(false),
        Value::unknown(Type::Bool),
    );
    assert_eq!(and(&unknown, &no).unwrap(), no);
    assert_eq!(or(&unknown, &yes).unwrap(), yes);
    assert!(!and(&unknown, &yes).unwrap().is_known());
    assert!(!or(&no, &unknown).unwrap().is_known());
    assert_eq!(and(&yes, &yes).unwrap(), yes);
    assert_eq!(or(&no, &no).unwrap(), no);
    assert_eq!(not(&n(1)).unwrap_err().to_string(), "a bool is required");
}

#[test]
fn what_cannot_be_is_an_error() {
    let message = |r: Result<Value, OpError>| r.unwrap_err().to_string();
    assert_eq!(message(add(&n(1), &s("x"))), "a number is required");
    assert_eq!(
        message(add(&n(1), &Value::null(Type::Number))),
        "argument must not be null"
    );
    assert_eq!(
        message(div(&n(0), &n(0))),
        "can't divide zero by zero or infinity by infinity"
    );
    assert_eq!(
        message(list(vec![]).index(&n(0))),
        "value does not have given index key"
    );
    assert_eq!(
        message(list(vec![n(1)]).index(&n(-1))),
        "value does not have given index key"
    );
    assert_eq!(
        message(Value::null(Type::list(Type::Bool)).index(&n(0))),
        "cannot index a null value"
    );
    assert_eq!(
        message(Value::object([("a", n(1))]).get_attr("b")),
        "object has no attribute \"b\""
    );
}

#[test]
fn elements_of_unknown_values_are_unknown() {
    let ty = Type::object([("a", Type::list(Type::String))]);
    let value = Value::unknown(ty);
    let path = Path::root().attr("a").index(n(0));
    assert_eq!(value.at_path(&path).unwrap(), Value::unknown(Type::String));
    assert_eq!(Value::dynamic().at_path(&path).unwrap(), Value::dynamic());
    let tuple = Value::tuple(vec![n(1), s("x")]);
    assert_eq!(
        tuple.index(&Value::unknown(Type::Number)).unwrap(),
        Value::dynamic()
    );
    assert_eq!(tuple.index(&n(1)).unwrap(), s("x"));
    assert_eq!(tuple.has_index(&n(2)).unwrap(), Value::bool(false));
    assert_eq!(tuple.has_index(&s("a")).unwrap(), Value::bool(false));
    let map = Value::map(Type::Number, [("k", n(1))]);
    assert_eq!(map.has_index(&s("k")).unwrap(), Value::bool(true));
    assert!(
        !map.has_index(&Value::unknown(Type::String))
            .unwrap()
            .is_known()
    );
    let set = Value::set(Type::Number, vec![n(1)]);
    assert_eq!(Path(vec![Step::Index(n(1))]).apply(&set).unwrap(), n(1));
}

#[test]
fn lengths_can_be_ranges() {
    let unknown = Value::unknown(Type::Number);
    assert_eq!(
        Value::set(Type::Number, vec![n(1), n(2), unknown.clone()])
            .length()
            .unwrap(),
        between(1, 3)
    );
    assert_eq!(
        Value::set(Type::Number, vec![unknown]).length().unwrap(),
        n(1)
    );
    assert_eq!(
        Value::unknown(Type::tuple([Type::Bool])).length().unwrap(),
        n(1)
    );
    let bounded = Value::unknown_refined(Type::map(Type::Bool), Refinement::length(2, Some(4)));
    assert_eq!(bounded.length().unwrap(), between(2, 4));
}
