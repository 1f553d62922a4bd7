//! The most general of several types.

mod prefer;
#[cfg(test)]
mod tests;

use crate::Type;
use crate::convert::exists;
use std::collections::BTreeSet;

/// The type that values of all these types can be converted to safely, if there is one: the most
/// general of the types, or one made from their parts. `None` also for no types at all.
pub fn unify(types: &[Type]) -> Option<Type> {
    unify_with(types, false)
}

/// Like [`unify`], with conversions that can fail.
pub fn unify_unsafe(types: &[Type]) -> Option<Type> {
    unify_with(types, true)
}

pub(crate) fn unify_with(types: &[Type], risky: bool) -> Option<Type> {
    let (first, rest) = types.split_first()?;
    if rest.iter().all(|t| t == first) {
        return Some(first.clone());
    }
    // Repeated types change nothing.
    let mut seen = BTreeSet::new();
    let types: Vec<&Type> = types.iter().filter(|t| seen.insert(*t)).collect();
    match by_kind(&types, risky) {
        Attempt::Answer(answer) => answer,
        Attempt::Open => general(&types, risky),
    }
}

enum Attempt {
    Answer(Option<Type>),
    /// Nothing can be said from the kinds.
    Open,
}

/// How many types there are of each kind.
#[derive(Default)]
struct Kinds {
    maps: usize,
    lists: usize,
    sets: usize,
    objects: usize,
    tuples: usize,
    dynamic: usize,
}

impl Kinds {
    fn count(types: &[&Type]) -> Self {
        let mut kinds = Self::default();
        for ty in types {
            match ty {
                Type::Map(_) => kinds.maps += 1,
                Type::List(_) => kinds.lists += 1,
                Type::Set(_) => kinds.sets += 1,
                Type::Object(_) => kinds.objects += 1,
                Type::Tuple(_) => kinds.tuples += 1,
                Type::Dynamic => kinds.dynamic += 1,
                Type::Bool | Type::Number | Type::String => {}
            }
        }
        kinds
    }
}

/// Types of one kind can have a common type that is none of them, made from their parts.
fn by_kind(types: &[&Type], risky: bool) -> Attempt {
    let kinds = Kinds::count(types);
    let all = types.len();
    let only = |count: usize| count > 0 && count + kinds.dynamic == all;
    let of_one_kind = only(kinds.maps)
        || only(kinds.lists)
        || only(kinds.sets)
        || only(kinds.objects)
        || only(kinds.tuples);
    if of_one_kind && kinds.dynamic > 0 {
        // What becomes of the others is open until the dynamic ones are known.
        return Attempt::Answer(Some(Type::Dynamic));
    }
    if only(kinds.maps) {
        return Attempt::Answer(elements(types, risky).map(Type::map));
    }
    if only(kinds.lists) {
        return Attempt::Answer(elements(types, risky).map(Type::list));
    }
    if only(kinds.sets) {
        return Attempt::Answer(elements(types, risky).map(Type::set));
    }
    if only(kinds.objects) {
        return Attempt::Answer(objects(types, risky));
    }
    if only(kinds.tuples) {
        return Attempt::Answer(tuples(types, risky));
    }
    let answer = if kinds.maps > 0 && kinds.maps + kinds.objects + kinds.dynamic == all {
        with_structures_as_collections(types, risky).filter(|t| matches!(t, Type::Map(_)))
    } else if kinds.lists > 0 && kinds.lists + kinds.tuples + kinds.dynamic == all {
        with_structures_as_collections(types, risky).filter(|t| matches!(t, Type::List(_)))
    } else if kinds.objects > 0 && kinds.tuples > 0 {
        return Attempt::Answer(None);
    } else {
        None
    };
    answer.map_or(Attempt::Open, |t| Attempt::Answer(Some(t)))
}

/// The common element type of collections.
fn elements(types: &[&Type], risky: bool) -> Option<Type> {
    let elements: Vec<Type> = types
        .iter()
        .filter_map(|t| t.element_type().cloned())
        .collect();
    unify_with(&elements, risky)
}

/// Objects among maps, or tuples among lists, as the collection their own parts would make.
fn with_structures_as_collections(types: &[&Type], risky: bool) -> Option<Type> {
    let structures: Vec<&Type> = types
        .iter()
        .copied()
        .filter(|t| matches!(t, Type::Object(_) | Type::Tuple(_)))
        .collect();
    let collection = match structures.first()? {
        Type::Object(_) => objects_as_map(&structures, risky)?,
        _ => tuples_as_list(&structures, risky)?,
    };
    let types: Vec<Type> = types
        .iter()
        .map(|t| {
            if matches!(t, Type::Object(_) | Type::Tuple(_)) {
                collection.clone()
            } else {
                (*t).clone()
            }
        })
        .collect();
    unify_with(&types, risky)
}

/// Objects with the same attributes become an object, others a map.
fn objects(types: &[&Type], risky: bool) -> Option<Type> {
    let objects: Vec<_> = types.iter().filter_map(|t| t.as_object()).collect();
    let (first, rest) = objects.split_first()?;
    let same = |o: &&std::sync::Arc<crate::ObjectType>| {
        o.len() == first.len() && o.iter().zip(first.iter()).all(|(a, b)| a.0 == b.0)
    };
    if !rest.iter().all(same) {
        return objects_as_map(types, risky);
    }
    let mut attrs = Vec::with_capacity(first.len());
    for (i, (name, _)) in first.iter().enumerate() {
        let across: Vec<Type> = objects
            .iter()
            .filter_map(|o| o.at(i).map(|(_, t)| t.clone()))
            .collect();
        attrs.push((name.clone(), unify_with(&across, risky)?));
    }
    let ty = Type::object(attrs);
    if reachable(types, &ty, risky) {
        Some(ty)
    } else {
        objects_as_map(types, risky)
    }
}

fn objects_as_map(types: &[&Type], risky: bool) -> Option<Type> {
    let attrs = types
        .iter()
        .filter_map(|t| t.as_object())
        .flat_map(|o| o.iter());
    let attrs: Vec<Type> = attrs.map(|(_, t)| t.clone()).collect();
    let ty = Type::map(unify_with(&attrs, risky)?);
    reachable(types, &ty, risky).then_some(ty)
}

/// Tuples of the same length become a tuple, others a list.
fn tuples(types: &[&Type], risky: bool) -> Option<Type> {
    let tuples: Vec<&[Type]> = types.iter().filter_map(|t| tuple_elements(t)).collect();
    let (first, rest) = tuples.split_first()?;
    if rest.iter().any(|t| t.len() != first.len()) {
        return tuples_as_list(types, risky);
    }
    let mut elements = Vec::with_capacity(first.len());
    for i in 0..first.len() {
        let across: Vec<Type> = tuples.iter().map(|t| t[i].clone()).collect();
        elements.push(unify_with(&across, risky)?);
    }
    let ty = Type::tuple(elements);
    if reachable(types, &ty, risky) {
        Some(ty)
    } else {
        tuples_as_list(types, risky)
    }
}

fn tuples_as_list(types: &[&Type], risky: bool) -> Option<Type> {
    let elements: Vec<Type> = types
        .iter()
        .filter_map(|t| tuple_elements(t))
        .flatten()
        .cloned()
        .collect();
    let ty = Type::list(unify_with(&elements, risky)?);
    reachable(types, &ty, risky).then_some(ty)
}

fn tuple_elements(ty: &Type) -> Option<&[Type]> {
    match ty {
        Type::Tuple(elements) => Some(elements),
        _ => None,
    }
}

fn reachable(types: &[&Type], to: &Type, risky: bool) -> bool {
    types.iter().all(|t| *t == to || exists(t, to, risky))
}

/// The first of the types, most general first, that all others can be converted to.
fn general(types: &[&Type], risky: bool) -> Option<Type> {
    prefer::order(types)
        .into_iter()
        .map(|i| types[i])
        .find(|t| reachable(types, t, risky))
        .cloned()
}
