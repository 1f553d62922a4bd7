//! Steps into values, with messages that say why there is nothing.

use super::Problem;
use crate::suggest::did_you_mean;
use cty::{ObjectType, Type, Value, convert};

/// The value's attribute, or the map's element.
pub(crate) fn get_attr(value: &Value, name: &str) -> Result<Value, Problem> {
    if value.is_null() {
        return Err(Problem::new(
            "Attempt to get attribute from null value",
            "This value is null, so it does not have any attributes.",
        ));
    }
    let missing = |detail: String| Err(Problem::new("Unsupported attribute", detail));
    match value.ty() {
        Type::Dynamic => Ok(Value::dynamic().with_marks(value.marks())),
        Type::Object(ty) => match (ty.get(name), value.get(name)) {
            (_, Some(attribute)) => Ok(attribute.clone().with_marks(value.marks())),
            (Some(ty), None) => Ok(Value::unknown(ty.clone()).with_marks(value.marks())),
            (None, None) => missing(format!(
                "This object does not have an attribute named \"{name}\".{}",
                hint(ty, name)
            )),
        },
        Type::Map(element) => match value.get(name) {
            Some(found) => Ok(found.clone().with_marks(value.marks())),
            None if !value.is_known() => {
                Ok(Value::unknown((**element).clone()).with_marks(value.marks()))
            }
            None => Err(Problem::new(
                "Missing map element",
                format!("This map does not have an element with the key \"{name}\"."),
            )),
        },
        Type::List(element) if has_attr(element, name) => missing(format!(
            "Can't access attributes on a list of objects. Did you mean to access attribute \"{name}\" for a specific \
             element of the list, or across all elements of the list?"
        )),
        Type::Set(element) if has_attr(element, name) => missing(format!(
            "Can't access attributes on a set of objects. Did you mean to access attribute \"{name}\" across all \
             elements of the set?"
        )),
        ty if ty.is_primitive() => missing(format!(
            "Can't access attributes on a primitive-typed value ({}).",
            ty.friendly_name()
        )),
        _ => missing("This value does not have any attributes.".to_owned()),
    }
}

fn hint(ty: &ObjectType, name: &str) -> String {
    did_you_mean(name, ty.iter().map(|(n, _)| &**n))
}

fn has_attr(ty: &Type, name: &str) -> bool {
    ty.as_object().is_some_and(|o| o.get(name).is_some())
}

/// The element that the key stands for.
pub(crate) fn index(value: &Value, key: &Value) -> Result<Value, Problem> {
    if value.is_null() {
        return Err(Problem::new(
            "Attempt to index null value",
            "This value is null, so it does not have any indices.",
        ));
    }
    if key.is_null() {
        return Err(Problem::new(
            "Invalid index",
            "Can't use a null value as an indexing key.",
        ));
    }
    let marks = value.marks() | key.marks();
    let want = match value.ty() {
        Type::Dynamic => return Ok(Value::dynamic().with_marks(marks)),
        Type::List(_) | Type::Tuple(_) => Type::Number,
        Type::Map(_) | Type::Object(_) => Type::String,
        Type::Set(_) => {
            return Err(Problem::new(
                "Invalid index",
                "Elements of a set are identified only by their value and don't have any separate index or key to \
                 select with, so it's only possible to perform operations across all elements of the set.",
            ));
        }
        Type::Bool | Type::Number | Type::String => {
            return Err(Problem::new(
                "Invalid index",
                "This value does not have any indices.",
            ));
        }
    };
    if *key.ty() == Type::Dynamic {
        return Ok(Value::dynamic().with_marks(marks));
    }
    let converted;
    let key = if *key.ty() == want {
        key
    } else {
        converted = convert(key, &want).map_err(|e| invalid_index(&format!(": {e}")))?;
        &converted
    };
    value.index(key).map_err(|_| not_there(value, key))
}

fn invalid_index(why: &str) -> Problem {
    Problem::new(
        "Invalid index",
        format!("The given key does not identify an element in this collection value{why}."),
    )
}

fn not_there(value: &Value, key: &Value) -> Problem {
    let len = match value.ty() {
        Type::Tuple(elements) => elements.len(),
        Type::List(_) => value.len().unwrap_or_default(),
        _ => return invalid_index(""),
    };
    let Some(number) = key.as_number() else {
        return invalid_index("");
    };
    let zero = cty::Number::from(0);
    if len == 0 {
        invalid_index(": the collection has no elements")
    } else if *number < zero {
        invalid_index(": a negative number is not a valid index for a sequence")
    } else if number.to_i64().is_none() && *number < cty::Number::from(i64::MAX) {
        invalid_index(
            ": indexing a sequence requires a whole number, but the given index has a fractional part",
        )
    } else {
        invalid_index(&format!(
            ": the given index is greater than or equal to the length of the collection, which is {len}"
        ))
    }
}
