//! What functions need of the value system beyond what it offers itself.

use cty::{Type, Value};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// The value as another type, or why it cannot be that.
pub(crate) fn convert(value: &Value, ty: &Type) -> Result<Value, String> {
    cty::convert(value, ty).map_err(|e| e.message)
}

/// The type that all of these can be converted to. Types that are not known do not count, unless
/// none is known.
pub(crate) fn unify(types: &[Type]) -> Option<Type> {
    let known: Vec<Type> = types
        .iter()
        .filter(|t| **t != Type::Dynamic)
        .cloned()
        .collect();
    if known.is_empty() && !types.is_empty() {
        return Some(Type::Dynamic);
    }
    cty::unify_unsafe(&known)
}

/// Whether two values are equal: a bool, or unknown.
pub(crate) fn equals(a: &Value, b: &Value) -> Value {
    cty::ops::equals(a, b)
}

/// How many grapheme clusters a text has.
pub(crate) fn grapheme_count(text: &str) -> usize {
    unicode_segmentation::UnicodeSegmentation::graphemes(text, true).count()
}

/// Wholly known values of one type, to be asked for.
#[derive(Default)]
pub(crate) struct Membership<'a> {
    /// By hash.
    buckets: BTreeMap<u64, Vec<&'a Value>>,
}

/// Prepares values to be asked for.
pub(crate) fn membership(values: &[Value]) -> Membership<'_> {
    let mut all = Membership::default();
    for value in values {
        all.insert(value);
    }
    all
}

impl<'a> Membership<'a> {
    /// Adds a value, and returns whether it is new.
    pub(crate) fn insert(&mut self, value: &'a Value) -> bool {
        let bucket = self.buckets.entry(hash(value)).or_default();
        let new = !bucket.contains(&value);
        if new {
            bucket.push(value);
        }
        new
    }

    /// Whether an equal value is among them.
    pub(crate) fn contains(&self, value: &Value) -> bool {
        self.buckets
            .get(&hash(value))
            .is_some_and(|bucket| bucket.contains(&value))
    }
}

/// Equal values have equal hashes.
fn hash(value: &Value) -> u64 {
    fn add(value: &Value, hasher: &mut DefaultHasher) {
        (
            value.as_str(),
            value.as_number(),
            value.as_bool(),
            value.len(),
        )
            .hash(hasher);
        for (key, element) in value.elements() {
            key.as_str().hash(hasher);
            add(element, hasher);
        }
    }
    let mut hasher = DefaultHasher::new();
    add(value, &mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::{Membership, membership};
    use cty::Value;

    fn object(i: i64) -> Value {
        Value::object([
            ("id", Value::number(i)),
            ("tags", Value::tuple(vec![Value::string(i.to_string())])),
        ])
    }

    /// Twenty thousand objects: comparing each with each would take long.
    #[test]
    fn many_objects_are_found_fast() {
        let values: Vec<Value> = (0..20_000).map(|i| object(i % 10_000)).collect();
        let mut seen = Membership::default();
        assert_eq!(values.iter().filter(|v| seen.insert(v)).count(), 10_000);
        let all = membership(&values);
        assert!(all.contains(&object(9_999)));
        assert!(!all.contains(&object(10_000)));
    }

    #[test]
    fn equal_numbers_are_found_however_they_were_made() {
        let values = [
            Value::number(0.5),
            Value::number(cty::Number::parse("18446744073709551616").unwrap()),
        ];
        let all = membership(&values);
        assert!(all.contains(&Value::number(cty::Number::parse("0.50").unwrap())));
        assert!(all.contains(&Value::number(2f64.powi(64))));
        assert!(!all.contains(&Value::number(0.25)));
    }
}
