//! Random types and values for the property tests.

use crate::{Marks, Number, ObjectType, Refinement, Type, Value};
use proptest::prelude::*;
use std::sync::Arc;

/// A type without `dynamic`.
pub(crate) fn concrete_type() -> impl Strategy<Value = Type> {
    type_of(prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String)].boxed())
}

/// A type constraint, possibly with `dynamic` inside.
pub(crate) fn constraint() -> impl Strategy<Value = Type> {
    type_of(
        prop_oneof![
            Just(Type::Bool),
            Just(Type::Number),
            Just(Type::String),
            Just(Type::Dynamic)
        ]
        .boxed(),
    )
}

fn type_of(leaf: BoxedStrategy<Type>) -> impl Strategy<Value = Type> {
    leaf.prop_recursive(3, 12, 3, |inner| {
        let attrs = prop::collection::vec(("[a-d]", inner.clone()), 0..4);
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            prop::collection::vec(inner, 0..4).prop_map(Type::tuple),
            attrs.prop_map(Type::object),
        ]
    })
}

/// The type with random attributes made optional.
pub(crate) fn with_optional(ty: Type) -> BoxedStrategy<Type> {
    any::<u64>()
        .prop_map(move |bits| {
            let mut bits = bits;
            optional(&ty, &mut bits)
        })
        .boxed()
}

fn optional(ty: &Type, bits: &mut u64) -> Type {
    match ty {
        Type::List(t) => Type::list(optional(t, bits)),
        Type::Set(t) => Type::set(optional(t, bits)),
        Type::Map(t) => Type::map(optional(t, bits)),
        Type::Tuple(ts) => Type::tuple(ts.iter().map(|t| optional(t, bits))),
        Type::Object(o) => {
            let attrs = o.iter().map(|(n, t)| {
                *bits = bits.rotate_right(1);
                (n.clone(), optional(t, &mut bits.clone()), *bits & 1 == 1)
            });
            Type::Object(Arc::new(ObjectType::with_optional(attrs)))
        }
        ty => ty.clone(),
    }
}

/// A finite number.
pub(crate) fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        (-3i64..12).prop_map(Number::from),
        any::<i64>().prop_map(Number::from),
        any::<f64>().prop_filter_map("finite", |f| Number::from_f64(f)
            .filter(|n| !n.is_infinite())),
        ("-?[0-9]{1,40}(\\.[0-9]{0,60})?").prop_filter_map("number", |t| Number::parse(&t)),
    ]
}

/// A text that often is a number or a bool.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c]{0,2}",
        "-?[0-9]{1,3}(\\.[05])?",
        prop_oneof![Just("true"), Just("false"), Just("True"), Just("1")].prop_map(str::to_owned),
        any::<String>().prop_map(|s| s.chars().take(8).collect()),
    ]
}

/// What values may be like.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shape {
    pub(crate) unknown: bool,
    pub(crate) marks: bool,
}

/// A value of a type constraint. Where that is `dynamic`, a primitive; but one collection holds
/// elements of one type.
pub(crate) fn value(ty: &Type, shape: Shape) -> BoxedStrategy<Value> {
    let known = known(ty, shape);
    let mut weighted = vec![(8, known), (1, Just(Value::null(ty.clone())).boxed())];
    if shape.unknown {
        weighted.push((1, unknown(ty)));
    }
    let value = prop::strategy::Union::new_weighted(weighted);
    if !shape.marks {
        return value.boxed();
    }
    (value, 0u8..12)
        .prop_map(|(v, mark)| match mark {
            0 => v.with_marks(Marks::SENSITIVE),
            1 => v.with_marks(Marks::EPHEMERAL),
            _ => v,
        })
        .boxed()
}

fn known(ty: &Type, shape: Shape) -> BoxedStrategy<Value> {
    match ty {
        Type::Dynamic => prop_oneof![
            any::<bool>().prop_map(Value::bool),
            number().prop_map(Value::number),
            text().prop_map(Value::string),
        ]
        .boxed(),
        Type::Bool => any::<bool>().prop_map(Value::bool).boxed(),
        Type::Number => number().prop_map(Value::number).boxed(),
        Type::String => text().prop_map(Value::string).boxed(),
        Type::List(t) | Type::Set(t) | Type::Map(t) if t.has_dynamic() => {
            // Elements of one type: as many times the same one.
            let ty = ty.clone();
            let keys = prop::collection::vec("[a-d]", 0..3);
            (keys, value(t, shape))
                .prop_map(move |(keys, v)| match &ty {
                    Type::Map(t) => {
                        let entries = keys.into_iter().map(|k| (k.into(), v.clone())).collect();
                        Value::uniform_map(t, entries).expect("one type")
                    }
                    Type::List(t) => Value::uniform_list(t, vec![v; keys.len()]).expect("one type"),
                    Type::Set(t) => Value::uniform_set(t, vec![v; keys.len()]).expect("one type"),
                    _ => unreachable!("a collection"),
                })
                .boxed()
        }
        Type::List(t) => {
            let ty = ty.clone();
            prop::collection::vec(value(t, shape), 0..4)
                .prop_map(move |vs| Value::list_of(ty.clone(), vs))
                .boxed()
        }
        Type::Set(t) => {
            let ty = ty.clone();
            prop::collection::vec(value(t, shape), 0..4)
                .prop_map(move |vs| Value::set_of(ty.clone(), vs))
                .boxed()
        }
        Type::Map(t) => {
            let ty = ty.clone();
            prop::collection::vec(("[a-d]{1,2}", value(t, shape)), 0..4)
                .prop_map(move |es| Value::map_of(ty.clone(), es))
                .boxed()
        }
        Type::Tuple(ts) => {
            let parts: Vec<_> = ts.iter().map(|t| value(t, shape)).collect();
            parts.prop_map(Value::tuple).boxed()
        }
        Type::Object(o) => {
            let ty = ty.without_optional();
            let parts: Vec<_> = o.iter().map(|(_, t)| value(t, shape)).collect();
            parts
                .prop_map(move |vs| Value::object_of(ty.clone(), vs))
                .boxed()
        }
    }
}

fn unknown(ty: &Type) -> BoxedStrategy<Value> {
    let ty = ty.clone();
    (
        any::<bool>(),
        -5i64..5,
        0i64..5,
        any::<(bool, bool)>(),
        0u64..3,
        0u64..3,
        "[a-c]-|",
    )
        .prop_map(move |(not_null, low, span, inclusive, min, more, prefix)| {
            let refinement = Refinement {
                not_null,
                prefix: prefix.into(),
                lower: inclusive.0.then(|| (low.into(), inclusive.1)),
                upper: inclusive.1.then(|| ((low + span).into(), inclusive.0)),
                min_len: min,
                max_len: inclusive.0.then_some(min + more),
            };
            Value::unknown_refined(ty.clone(), refinement)
        })
        .boxed()
}

/// A value of any concrete type.
pub(crate) fn any_value(shape: Shape) -> impl Strategy<Value = Value> {
    concrete_type().prop_flat_map(move |ty| value(&ty, shape))
}

/// A value and a constraint that it conforms to.
pub(crate) fn constrained(shape: Shape) -> impl Strategy<Value = (Type, Value)> {
    constraint().prop_flat_map(move |ty| {
        let value = value(&ty, shape);
        value.prop_map(move |v| (ty.clone(), v))
    })
}
