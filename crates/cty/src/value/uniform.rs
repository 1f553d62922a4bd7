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
        values.iter_mut().for_each(|v| v.adopt(&ty));
        Some(Self::list(ty, values))
    }

    /// Like [`Value::uniform_list`], for a set.
    pub fn uniform_set(element: &Type, mut values: Vec<Self>) -> Option<Self> {
        let ty = common_type(element, values.iter())?;
        values.iter_mut().for_each(|v| v.adopt(&ty));
        Some(Self::set(ty, values))
    }

    /// Like [`Value::uniform_list`], for a map.
    pub fn uniform_map(element: &Type, mut entries: Vec<(Arc<str>, Self)>) -> Option<Self> {
        let ty = common_type(element, entries.iter().map(|(_, v)| v))?;
        entries.iter_mut().for_each(|(_, v)| v.adopt(&ty));
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
