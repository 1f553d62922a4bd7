use super::*;
use crate::arbitrary::{Shape, any_value};
use crate::{Marks, Refinement};
use proptest::prelude::*;
use std::convert::Infallible;

fn sample() -> Value {
    Value::object([
        (
            "list",
            Value::list(Type::Number, vec![Value::number(1), Value::number(2)]),
        ),
        ("map", Value::map(Type::String, [("k", Value::string("v"))])),
        ("none", Value::null(Type::Bool)),
    ])
}

#[test]
fn walks_from_the_outside_in() {
    let mut seen = Vec::new();
    walk(&sample(), |path, _| {
        seen.push(path.to_string());
        Ok::<_, Infallible>(path.to_string() != ".map")
    })
    .unwrap();
    assert_eq!(seen, ["", ".list", ".list[0]", ".list[1]", ".map", ".none"]);
}

#[test]
fn transforms_from_the_inside_out() {
    let mut seen = Vec::new();
    let doubled = transform(&sample(), |path, value| {
        seen.push(path.to_string());
        Ok::<_, Infallible>(match value.as_number() {
            Some(n) => Value::number(n.add(n).expect("finite")),
            None => value.clone(),
        })
    })
    .unwrap();
    assert_eq!(
        seen,
        [
            ".list[0]",
            ".list[1]",
            ".list",
            ".map[\"k\"]",
            ".map",
            ".none",
            ""
        ]
    );
    assert_eq!(
        format!("{doubled:?}"),
        r#"{"list": [2, 4], "map": {"k": "v"}, "none": null(bool)}"#
    );
}

#[test]
fn parts_may_change_their_type() {
    let text = transform(&sample(), |_, value| {
        Ok::<_, Infallible>(match value.as_number() {
            Some(n) => Value::string(n.to_string()),
            None => value.clone(),
        })
    })
    .unwrap();
    assert_eq!(*text.get("list").unwrap().ty(), Type::list(Type::String));
    let mixed = transform(&sample(), |path, value| {
        Ok::<_, Infallible>(if path.to_string() == ".list[0]" {
            Value::bool(true)
        } else {
            value.clone()
        })
    })
    .unwrap();
    assert_eq!(
        *mixed.get("list").unwrap().ty(),
        Type::tuple([Type::Bool, Type::Number])
    );
}

#[test]
fn errors_stop() {
    let result = transform(&sample(), |path, _| Err::<Value, String>(path.to_string()));
    assert_eq!(result.unwrap_err(), ".list[0]");
}

proptest! {
    #[test]
    fn changing_nothing_changes_nothing(value in any_value(Shape { unknown: true, marks: true })) {
        let same = transform(&value, |_, v| Ok::<_, Infallible>(v.clone())).unwrap();
        prop_assert_eq!(same, value);
    }

    #[test]
    fn every_path_leads_to_its_part(value in any_value(Shape { unknown: false, marks: false })) {
        walk(&value, |path, part| {
            let found = path.apply(&value).map_err(|e| TestCaseError::fail(format!("{path}: {e}")))?;
            prop_assert_eq!(&found, part);
            Ok(true)
        })?;
    }

    #[test]
    fn marks_round_trip(value in any_value(Shape { unknown: true, marks: true })) {
        let (plain, marks) = value.unmark_deep_with_paths();
        prop_assert!(plain.all_marks().is_empty());
        prop_assert_eq!(plain.mark_with_paths(&marks), value);
    }
}

#[test]
fn marks_find_their_places() {
    let value = sample();
    let marks = [
        (
            Path::root().attr("list").index(Value::number(1)),
            Marks::SENSITIVE,
        ),
        (Path::root().attr("map"), Marks::EPHEMERAL),
        (
            Path::root().attr("map").index(Value::string("k")),
            Marks::SENSITIVE,
        ),
        (Path::root().attr("none").attr("deeper"), Marks::SENSITIVE),
        (Path::root().attr("nowhere"), Marks::SENSITIVE),
    ];
    let marked = value.mark_with_paths(&marks);
    assert_eq!(
        format!("{marked:?}"),
        r#"{"list": [1, {"sensitive"}:2], "map": {"ephemeral"}:{"k": {"sensitive"}:"v"}, "none": null(bool)}"#
    );
    let (plain, found) = marked.unmark_deep_with_paths();
    assert_eq!(plain, value);
    assert_eq!(found, marks[..3]);
}

#[test]
fn marks_of_set_elements_are_marks_of_the_set() {
    let set = Value::set(Type::Number, vec![Value::number(1)]);
    let marked = set.mark_with_paths(&[(Path::root().index(Value::number(1)), Marks::SENSITIVE)]);
    assert_eq!(marked, set.with_marks(Marks::SENSITIVE));
}

#[test]
fn unknown_values_have_no_places_to_mark() {
    let value = Value::unknown_refined(Type::list(Type::Bool), Refinement::not_null());
    let path = Path::root().index(Value::number(0));
    assert_eq!(value.mark_with_paths(&[(path, Marks::SENSITIVE)]), value);
}
