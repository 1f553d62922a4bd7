//! Collections whose element type follows from the elements.

use super::Value;
use crate::Type;
use std::sync::Arc;

impl Value {
    /// A list of elements that have one type, whatever it is. Those of type `dynamic` (nulls and
    /// unknowns) take the type of the others. `None` if the types differ; an empty list is of type
    /// `element`.
    pub fn uniform_list(element: &Type, mut values: Vec<Self>) -> Option<Self> {
        let ty = common_type(element, values.iter())?;
        for value in &mut values {
            value.adopt(&ty);
        }
        Some(Self::list(ty, values))
    }

    /// Like [`Value::uniform_list`], for a set.
    pub fn uniform_set(element: &Type, mut values: Vec<Self>) -> Option<Self> {
        let ty = common_type(element, values.iter())?;
        for value in &mut values {
            value.adopt(&ty);
        }
        Some(Self::set(ty, values))
    }

    /// Like [`Value::uniform_list`], for a map.
    pub fn uniform_map(element: &Type, mut entries: Vec<(Arc<str>, Self)>) -> Option<Self> {
        let ty = common_type(element, entries.iter().map(|(_, v)| v))?;
        for (_, value) in &mut entries {
            value.adopt(&ty);
        }
        Some(Self::map(ty, entries))
    }

    /// Takes the type of its neighbours if it has none of its own.
    fn adopt(&mut self, ty: &Type) {
        if self.ty == Type::Dynamic && *ty != Type::Dynamic {
            let value = if self.is_null() {
                Self::null(ty.clone())
            } else {
                Self::unknown(ty.clone())
            };
            *self = value.with_marks(self.marks);
        }
    }
}

fn common_type<'a>(fallback: &Type, mut values: impl Iterator<Item = &'a Value>) -> Option<Type> {
    let Some(first) = values.next() else {
        return Some(fallback.clone());
    };
    let mut ty = &first.ty;
    for value in values {
        if *ty == Type::Dynamic {
            ty = &value.ty;
        } else if value.ty != *ty && value.ty != Type::Dynamic {
            return None;
        }
    }
    // The caller's type is the one that is shared.
    Some(if ty == fallback { fallback } else { ty }.clone())
}

/// A list or set of a type that may have `dynamic` inside; then the elements decide its element type.
/// `None` if they have different ones.
pub(crate) fn collection(ty: &Type, values: Vec<Value>) -> Option<Value> {
    let element = ty.element_type()?;
    let fits = values.iter().all(|v| v.ty == *element);
    match ty {
        Type::List(_) if fits => Some(Value::list_of(ty.clone(), values)),
        Type::List(_) => Value::uniform_list(element, values),
        _ if fits => Some(Value::set_of(ty.clone(), values)),
        _ => Value::uniform_set(element, values),
    }
}

/// Like [`collection`], for a map.
pub(crate) fn map_collection(ty: &Type, entries: Vec<(Arc<str>, Value)>) -> Option<Value> {
    let element = ty.element_type()?;
    if entries.iter().all(|(_, v)| v.ty == *element) {
        Some(Value::map_of(ty.clone(), entries))
    } else {
        Value::uniform_map(element, entries)
    }
}
