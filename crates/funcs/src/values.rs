//! What functions need of the value system beyond what it offers itself.

use cty::{Number, Type, Value};
use std::collections::BTreeSet;

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

/// Wholly known values to be asked for; fast for strings and numbers.
pub(crate) struct Membership<'a> {
    strings: BTreeSet<&'a str>,
    numbers: BTreeSet<&'a Number>,
    others: Vec<&'a Value>,
}

/// Prepares values of one type to be asked for.
pub(crate) fn membership(values: &[Value]) -> Membership<'_> {
    let mut all = Membership {
        strings: BTreeSet::new(),
        numbers: BTreeSet::new(),
        others: Vec::new(),
    };
    for value in values {
        if let Some(s) = value.as_str() {
            all.strings.insert(s);
        } else if let Some(n) = value.as_number() {
            all.numbers.insert(n);
        } else {
            all.others.push(value);
        }
    }
    all
}

impl Membership<'_> {
    /// Whether an equal value is among them.
    pub(crate) fn contains(&self, value: &Value) -> bool {
        if let Some(s) = value.as_str() {
            self.strings.contains(&**s)
        } else if let Some(n) = value.as_number() {
            self.numbers.contains(n)
        } else {
            self.others.contains(&value)
        }
    }
}
