use super::*;

#[test]
fn prefixes_stop_before_what_can_change() {
    for (text, want) in [
        ("", ""),
        ("pre-", "pre-"),
        ("pre", "pr"),
        ("arn:aws:", "arn:aws:"),
        ("e\u{301}", ""),
        ("a b", "a "),
        ("x=", "x"),
        ("🇩🇪", ""),
    ] {
        assert_eq!(safe_prefix(text), want, "{text}");
    }
}

#[test]
fn one_possible_value_is_that_value() {
    let number = Value::unknown_refined(Type::Number, Refinement::range(3, 3));
    assert_eq!(number, Value::number(3));
    let list = Value::unknown_refined(Type::list(Type::String), Refinement::length(2, Some(2)));
    assert_eq!(list.len(), Some(2));
    assert!(!list.is_wholly_known());
    let map = Value::unknown_refined(Type::map(Type::String), Refinement::length(0, Some(0)));
    assert!(map.is_wholly_known() && map.is_empty());
    let huge = Value::unknown_refined(
        Type::list(Type::String),
        Refinement::length(u64::MAX, Some(u64::MAX)),
    );
    assert!(!huge.is_known());
}

#[test]
fn what_does_not_fit_the_type_is_dropped() {
    let text = Value::unknown_refined(Type::String, Refinement::range(1, 2));
    assert_eq!(text.refinement(), Some(&Refinement::not_null()));
    assert_eq!(
        Value::unknown_refined(Type::Dynamic, Refinement::not_null()),
        Value::dynamic()
    );
}

#[test]
fn limits_add_up() {
    let value = Value::unknown(Type::Number)
        .refine(&Refinement {
            lower: Some((1.into(), true)),
            ..Refinement::default()
        })
        .refine(&Refinement {
            lower: Some((1.into(), false)),
            upper: Some((9.into(), true)),
            ..Refinement::default()
        })
        .refine(&Refinement {
            upper: Some((10.into(), true)),
            ..Refinement::default()
        });
    let refinement = value.refinement().unwrap();
    assert_eq!(refinement.lower, Some((1.into(), false)));
    assert_eq!(refinement.upper, Some((9.into(), true)));
    assert!(!value.is_definitely_not_null());
    assert!(value.refine_not_null().is_definitely_not_null());
}
