//! Rust types that are attribute types.

use crate::Attr;
use cty::{Type, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A Rust type that stands for a type of the language.
///
/// `String`, `bool`, `i64`, `f64`; `Vec` = list, `BTreeSet` = set, `BTreeMap<String, _>` = map; a struct that derives
/// [`Model`](crate::Model) = object.
pub trait Shape: Sized {
    /// The type.
    fn ty() -> Type;

    /// The Rust value of a known value of the type; `None` where the value, or what it is made of, is null, unknown or of another type.
    fn from_value(value: &Value) -> Option<Self>;

    /// The value.
    fn to_value(&self) -> Value;
}

impl Shape for String {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_str().map(|text| text.to_string())
    }

    fn to_value(&self) -> Value {
        Value::string(self.as_str())
    }
}

impl Shape for bool {
    fn ty() -> Type {
        Type::Bool
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_bool()
    }

    fn to_value(&self) -> Value {
        Value::bool(*self)
    }
}

impl Shape for i64 {
    fn ty() -> Type {
        Type::Number
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_number()?.to_i64()
    }

    fn to_value(&self) -> Value {
        Value::number(*self)
    }
}

impl Shape for f64 {
    fn ty() -> Type {
        Type::Number
    }

    fn from_value(value: &Value) -> Option<Self> {
        Some(value.as_number()?.to_f64())
    }

    fn to_value(&self) -> Value {
        // As people write it: 0.3 is three tenths, not the nearest binary fraction.
        let number = cty::Number::parse(&self.to_string());
        number.map_or_else(|| Value::null(Type::Number), Value::number)
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn ty() -> Type {
        Type::list(T::ty())
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_slice()?.iter().map(T::from_value).collect()
    }

    fn to_value(&self) -> Value {
        Value::list(T::ty(), self.iter().map(T::to_value).collect())
    }
}

impl<T: Shape + Ord> Shape for BTreeSet<T> {
    fn ty() -> Type {
        Type::set(T::ty())
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_slice()?.iter().map(T::from_value).collect()
    }

    fn to_value(&self) -> Value {
        Value::set(T::ty(), self.iter().map(T::to_value).collect())
    }
}

impl<T: Shape> Shape for BTreeMap<String, T> {
    fn ty() -> Type {
        Type::map(T::ty())
    }

    fn from_value(value: &Value) -> Option<Self> {
        let entries = value.as_map()?.iter();
        entries
            .map(|(key, value)| Some((key.to_string(), T::from_value(value)?)))
            .collect()
    }

    fn to_value(&self) -> Value {
        let entries = self
            .iter()
            .map(|(key, value)| (Arc::from(key.as_str()), value.to_value()));
        Value::map::<Arc<str>>(T::ty(), entries)
    }
}

impl<T: Shape> Attr<T> {
    /// From a value of the language. A value that is not wholly known is unknown.
    pub fn decode(value: &Value) -> Self {
        if value.is_null() {
            Self::Null
        } else if value.is_wholly_known() {
            T::from_value(value).map_or(Self::Null, Self::Known)
        } else {
            Self::Unknown
        }
    }

    /// To a value of the language.
    pub fn encode(&self) -> Value {
        match self {
            Self::Null => Value::null(T::ty()),
            Self::Unknown => Value::unknown(T::ty()),
            Self::Known(value) => value.to_value(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_there_and_back() {
        fn round<T: Shape + PartialEq + std::fmt::Debug>(value: T, text: &str) {
            let encoded = value.to_value();
            assert_eq!(*encoded.ty(), T::ty());
            assert_eq!(cty::json::encode_simple(&encoded).unwrap(), text);
            assert_eq!(T::from_value(&encoded), Some(value));
        }
        round("a".to_owned(), "\"a\"");
        round(true, "true");
        round(-7_i64, "-7");
        round(0.3_f64, "0.3");
        round(vec!["b".to_owned(), "a".to_owned()], r#"["b","a"]"#);
        round(BTreeSet::from([2_i64, 1]), "[1,2]");
        round(BTreeMap::from([("k".to_owned(), 1_i64)]), r#"{"k":1}"#);
    }

    #[test]
    fn what_is_not_wholly_known_is_unknown() {
        let list = Value::list(Type::String, vec![Value::unknown(Type::String)]);
        assert_eq!(Attr::<Vec<String>>::decode(&list), Attr::Unknown);
        assert_eq!(
            Attr::<String>::decode(&Value::null(Type::String)),
            Attr::Null
        );
        // Of another type than expected: nothing that could be used.
        assert_eq!(Attr::<i64>::decode(&Value::string("x")), Attr::Null);
        assert_eq!(Attr::<i64>::decode(&Value::number(1_i64)), Attr::Known(1));
    }
}
