//! Laws that hold across the modules.

use crate::arbitrary::{
    Shape, any_value, concrete_type, constrained, constraint, value, with_optional,
};
use crate::{Conversion, Marks, Type, Value, conversion_exists, convert, ops, unify, unify_unsafe};
use proptest::prelude::*;

const ANY: Shape = Shape {
    unknown: true,
    marks: true,
};
const KNOWN: Shape = Shape {
    unknown: false,
    marks: false,
};

proptest! {
    #[test]
    fn a_value_converts_to_its_own_type_as_it_is(value in any_value(ANY)) {
        prop_assert_eq!(convert(&value, value.ty()).unwrap(), value.clone());
        prop_assert_eq!(convert(&value, &Type::Dynamic).unwrap(), value);
    }

    #[test]
    fn a_conforming_value_converts_as_it_is((ty, value) in constrained(ANY)) {
        prop_assert!(ops::conforms(value.ty(), &ty));
        prop_assert_eq!(convert(&value, &ty).unwrap(), value);
    }

    #[test]
    fn what_a_conversion_gives_conforms(
        value in any_value(ANY),
        want in constraint().prop_flat_map(with_optional),
    ) {
        let exists = conversion_exists(value.ty(), &want);
        match convert(&value, &want) {
            Ok(converted) => {
                prop_assert!(ops::conforms(converted.ty(), &want.without_optional()), "{} to {}: {}", value.ty(), want, converted.ty());
                prop_assert!(!converted.ty().has_optional());
                prop_assert!(exists.is_some());
                prop_assert_eq!(converted.is_null(), value.is_null());
                let again = convert(&converted, &want.without_optional());
                prop_assert_eq!(again, Ok(converted));
            }
            // With `dynamic` inside, the values decide whether there is a common type.
            Err(error) => prop_assert!(
                exists != Some(Conversion::Safe) || want.has_dynamic(),
                "{} to {}: {}", value.ty(), want, error
            ),
        }
    }

    #[test]
    fn safe_conversions_go_back(from in concrete_type(), to in concrete_type(), seed in any::<prop::sample::Index>()) {
        if conversion_exists(&from, &to) == Some(Conversion::Safe) && conversion_exists(&to, &from).is_some() {
            let mut runner = proptest::test_runner::TestRunner::deterministic();
            for _ in 0..seed.index(5) + 1 {
                let tree = value(&from, KNOWN).new_tree(&mut runner).unwrap();
                let original = proptest::strategy::ValueTree::current(&tree);
                let there = convert(&original, &to).unwrap();
                if let Ok(back) = convert(&there, &from) {
                    let again = convert(&back, &to).unwrap();
                    prop_assert_eq!(again, there);
                }
            }
        }
    }

    #[test]
    fn the_common_type_accepts_all(types in prop::collection::vec(constraint(), 1..5)) {
        if let Some(common) = unify(&types) {
            for ty in &types {
                let safe = conversion_exists(ty, &common) == Some(Conversion::Safe);
                prop_assert!(safe, "{} to {}", ty, common);
            }
        }
        // What `dynamic` stands for can still turn out not to fit.
        if let Some(common) = unify_unsafe(&types).filter(|_| !types.iter().any(Type::has_dynamic)) {
            for ty in &types {
                prop_assert!(conversion_exists(ty, &common).is_some(), "{} to {}", ty, common);
            }
        }
        prop_assert_eq!(unify(&[types[0].clone()]), Some(types[0].clone()));
    }

    #[test]
    fn equality_is_symmetric_and_sees_marks(a in any_value(ANY), b in any_value(ANY)) {
        let ab = ops::equals(&a, &b);
        prop_assert_eq!(&ab, &ops::equals(&b, &a));
        prop_assert_eq!(ab.marks(), a.all_marks() | b.all_marks());
        if a.is_wholly_known() {
            prop_assert_eq!(ops::equals(&a, &a).unmark().0, Value::bool(true));
        }
    }

    #[test]
    fn sets_ignore_order_and_repetition(
        values in concrete_type().prop_flat_map(|ty| prop::collection::vec(value(&ty, KNOWN), 1..6)),
        turn in any::<prop::sample::Index>(),
    ) {
        let ty = values[0].ty().clone();
        let set = Value::set(ty.clone(), values.clone());
        let mut turned = values.clone();
        turned.rotate_left(turn.index(values.len()));
        turned.extend(values.iter().cloned());
        prop_assert_eq!(&Value::set(ty.clone(), turned), &set);
        let again = Value::set(ty, set.as_slice().unwrap().to_vec());
        prop_assert_eq!(&again, &set);
        for value in &values {
            prop_assert_eq!(set.has_element(value).unwrap(), Value::bool(true));
        }
        for (i, a) in set.as_slice().unwrap().iter().enumerate() {
            for b in &set.as_slice().unwrap()[..i] {
                prop_assert_eq!(ops::equals(a, b), Value::bool(false));
            }
        }
    }

    #[test]
    fn unmarking_leaves_no_mark(value in any_value(ANY)) {
        let (plain, marks) = value.clone().unmark();
        prop_assert_eq!(plain.with_marks(marks), value.clone());
        prop_assert_eq!(value.unmark_all().all_marks(), Marks::NONE);
    }
}
