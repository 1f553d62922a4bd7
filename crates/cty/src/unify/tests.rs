use super::*;

#[test]
fn finds_the_most_general_type() {
    let object = |t: Type| Type::object([("a", t)]);
    let other = |t: Type| Type::object([("b", t)]);
    let cases: &[(&[Type], Option<Type>, Option<Type>)] = &[
        (&[], None, None),
        (&[Type::Bool], Some(Type::Bool), Some(Type::Bool)),
        (
            &[Type::Number, Type::String],
            Some(Type::String),
            Some(Type::String),
        ),
        (&[Type::Number, Type::Bool], None, None),
        (
            &[Type::Number, Type::Bool, Type::String],
            Some(Type::String),
            Some(Type::String),
        ),
        (
            &[Type::Dynamic, Type::String],
            Some(Type::Dynamic),
            Some(Type::String),
        ),
        (
            &[Type::list(Type::Number), Type::Dynamic],
            Some(Type::Dynamic),
            Some(Type::Dynamic),
        ),
        (
            &[Type::list(Type::Number), Type::list(Type::String)],
            Some(Type::list(Type::String)),
            Some(Type::list(Type::String)),
        ),
        (
            &[Type::list(Type::String), Type::set(Type::Number)],
            Some(Type::list(Type::String)),
            Some(Type::list(Type::String)),
        ),
        (
            &[object(Type::Number), object(Type::String)],
            Some(object(Type::String)),
            Some(object(Type::String)),
        ),
        (
            &[object(Type::Number), other(Type::String)],
            Some(Type::map(Type::String)),
            Some(Type::map(Type::String)),
        ),
        (
            &[object(Type::Number), other(Type::list(Type::Bool))],
            None,
            None,
        ),
        (
            &[
                Type::tuple([Type::Number]),
                Type::tuple([Type::String, Type::Bool]),
            ],
            Some(Type::list(Type::String)),
            Some(Type::list(Type::String)),
        ),
        (
            &[
                Type::tuple([Type::Number, Type::Bool]),
                Type::tuple([Type::String, Type::Bool]),
            ],
            Some(Type::tuple([Type::String, Type::Bool])),
            Some(Type::tuple([Type::String, Type::Bool])),
        ),
        (
            &[Type::map(Type::Number), object(Type::String)],
            Some(Type::map(Type::String)),
            Some(Type::map(Type::String)),
        ),
        (
            &[Type::tuple([Type::String]), Type::list(Type::Number)],
            Some(Type::list(Type::String)),
            Some(Type::list(Type::String)),
        ),
        (&[object(Type::Bool), Type::tuple([])], None, None),
        (&[Type::String, Type::list(Type::String)], None, None),
    ];
    for (types, safe, risky) in cases {
        assert_eq!(unify(types), *safe, "{types:?}");
        assert_eq!(unify_unsafe(types), *risky, "{types:?}, unsafe");
    }
}
