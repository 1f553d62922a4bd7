//! Going through a value and all its parts.

#[cfg(test)]
mod tests;

use crate::value::{collection, map_collection};
use crate::{Data, Path, Step, Type, Value};
use std::sync::Arc;

/// Calls `visit` for the value, then for its parts; parts of a value for which it answers `false` are
/// left out.
pub fn walk<E>(
    value: &Value,
    mut visit: impl FnMut(&Path, &Value) -> Result<bool, E>,
) -> Result<(), E> {
    walk_from(&mut Path::root(), value, &mut visit)
}

fn walk_from<E>(
    path: &mut Path,
    value: &Value,
    visit: &mut impl FnMut(&Path, &Value) -> Result<bool, E>,
) -> Result<(), E> {
    if visit(path, value)? {
        for (step, part) in steps(value) {
            path.0.push(step);
            walk_from(path, part, visit)?;
            path.0.pop();
        }
    }
    Ok(())
}

/// Rebuilds the value from the inside out: calls `change` for each part, then for what holds the
/// changed parts. Marks stay where they are.
///
/// The parts of a list, set or map should come out with one type. If they do not, a list or set
/// becomes a tuple and a map an object.
pub fn transform<E>(
    value: &Value,
    mut change: impl FnMut(&Path, &Value) -> Result<Value, E>,
) -> Result<Value, E> {
    transform_from(&mut Path::root(), value, &mut change)
}

fn transform_from<E>(
    path: &mut Path,
    value: &Value,
    change: &mut impl FnMut(&Path, &Value) -> Result<Value, E>,
) -> Result<Value, E> {
    let len = value.len().unwrap_or(0);
    if len == 0 {
        return change(path, value);
    }
    let mut parts = Vec::with_capacity(len);
    for (step, part) in steps(value) {
        path.0.push(step);
        let part = transform_from(path, part, change)?;
        path.0.pop();
        parts.push(part);
    }
    change(path, &rebuild(value, parts))
}

/// The value with other parts.
fn rebuild(value: &Value, parts: Vec<Value>) -> Value {
    let rebuilt = match (&value.data, value.ty()) {
        (_, Type::Object(_)) => Value::object_of(value.ty().clone(), parts),
        (Data::Map(entries), ty) => {
            let entries = entries.iter().map(|(key, _)| key.clone()).zip(parts);
            let entries: Vec<(Arc<str>, Value)> = entries.collect();
            map_collection(ty, entries.clone()).unwrap_or_else(|| Value::object(entries))
        }
        (_, ty @ (Type::List(_) | Type::Set(_))) => {
            collection(ty, parts.clone()).unwrap_or_else(|| Value::tuple(parts))
        }
        _ => Value::tuple(parts),
    };
    rebuilt.with_marks(value.marks())
}

/// The parts of a known value and the steps to them.
pub(crate) fn steps(value: &Value) -> impl Iterator<Item = (Step, &Value)> {
    let names = value.ty().as_object().filter(|_| value.len().is_some());
    let attrs = names.map(|o| o.iter().zip(value.as_slice().unwrap_or_default()));
    let attrs = attrs
        .into_iter()
        .flatten()
        .map(|((n, _), v)| (Step::Attr(n.clone()), v));
    let elements = names.is_none().then(|| value.elements());
    attrs.chain(
        elements
            .into_iter()
            .flatten()
            .map(|(key, v)| (Step::Index(key), v)),
    )
}
