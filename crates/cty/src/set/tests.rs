use crate::{Type, Value};

fn strings(values: &[&str]) -> Vec<Value> {
    values.iter().map(|v| Value::string(*v)).collect()
}

#[test]
fn primitives_are_ordered_by_value() {
    let set = Value::set(Type::String, strings(&["b", "a", "ä", "B", "a"]));
    assert_eq!(format!("{set:?}"), r#"{"B", "a", "b", "ä"}"#);
    let set = Value::set(
        Type::Number,
        [10, 9, -1, 10]
            .map(|n| Value::number(i64::from(n)))
            .to_vec(),
    );
    assert_eq!(format!("{set:?}"), "{-1, 9, 10}");
    let set = Value::set(Type::Bool, vec![Value::bool(true), Value::bool(false)]);
    assert_eq!(format!("{set:?}"), "{false, true}");
}

#[test]
fn unknown_after_known_and_null_last() {
    let set = Value::set(
        Type::String,
        vec![
            Value::null(Type::String),
            Value::unknown(Type::String),
            Value::string("z"),
            Value::unknown(Type::String),
            Value::null(Type::String),
        ],
    );
    assert_eq!(
        format!("{set:?}"),
        r#"{"z", unknown(string), unknown(string), null(string)}"#
    );
}

#[test]
fn numbers_inside_are_ordered_as_text() {
    let object = |n: i64| Value::object([("n", Value::number(n))]);
    let set = Value::set(
        object(1).ty().clone(),
        vec![object(9), object(10), object(1), object(9)],
    );
    assert_eq!(format!("{set:?}"), r#"{{"n": 10}, {"n": 1}, {"n": 9}}"#);
}

#[test]
fn numbers_that_share_a_text_stay_apart() {
    let object = |n: i64| Value::object([("n", Value::number(n))]);
    let numbers = [
        12_345_678_901_i64,
        12_345_678_902,
        12_345_678_901,
        12_345_678_903,
        12_345_678_902,
    ];
    let set = Value::set(object(1).ty().clone(), numbers.map(object).to_vec());
    assert_eq!(set.len(), Some(3));
    for n in numbers {
        assert_eq!(set.has_element(&object(n)), Ok(Value::bool(true)));
    }
    assert_eq!(
        set.has_element(&object(12_345_678_904)),
        Ok(Value::bool(false))
    );
}
