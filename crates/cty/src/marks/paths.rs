//! Marks apart from the values they are on.

use crate::walk::steps;
use crate::{Data, Marks, Path, Step, Type, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is left of a path, and the marks at its end.
type Rest<'a> = (&'a [Step], Marks);

impl Value {
    /// Adds marks to the parts that the paths lead to. Paths that lead nowhere are ignored; a mark for
    /// an element of a set goes to the set.
    #[must_use]
    pub fn mark_with_paths(&self, marks: &[(Path, Marks)]) -> Self {
        let rests: Vec<Rest<'_>> = marks
            .iter()
            .filter(|(_, m)| !m.is_empty())
            .map(|(p, m)| (p.steps(), *m))
            .collect();
        if rests.is_empty() {
            self.clone()
        } else {
            mark(self, &rests)
        }
    }

    /// The value without any marks, and where which ones were, outer ones first. Costs nothing for
    /// parts without marks.
    pub fn unmark_deep_with_paths(&self) -> (Self, Vec<(Path, Marks)>) {
        let mut found = Vec::new();
        collect(&mut Path::root(), self, &mut found);
        (self.clone().unmark_all(), found)
    }
}

fn collect(path: &mut Path, value: &Value, found: &mut Vec<(Path, Marks)>) {
    if value.all_marks().is_empty() {
        return;
    }
    if !value.marks().is_empty() {
        found.push((path.clone(), value.marks()));
    }
    for (step, part) in steps(value) {
        if !part.all_marks().is_empty() {
            path.0.push(step);
            collect(path, part, found);
            path.0.pop();
        }
    }
}

fn mark(value: &Value, rests: &[Rest<'_>]) -> Value {
    let mut here = Marks::NONE;
    // By the part that the next step leads to.
    let mut below: BTreeMap<usize, Vec<Rest<'_>>> = BTreeMap::new();
    for (steps, marks) in rests {
        match steps.split_first() {
            None => here |= *marks,
            Some((step, rest)) => match place(value, step) {
                Place::Part(i) => below.entry(i).or_default().push((rest, *marks)),
                Place::Whole => here |= *marks,
                Place::Nowhere => {}
            },
        }
    }
    let marked = match &value.data {
        _ if below.is_empty() => value.clone(),
        Data::Seq(values) => {
            let parts = values
                .iter()
                .enumerate()
                .map(|(i, v)| part(v, below.get(&i)));
            value.with_data(Data::Seq(parts.collect()))
        }
        Data::Map(entries) => {
            let parts = entries.iter().enumerate();
            let parts = parts.map(|(i, (k, v))| (k.clone(), part(v, below.get(&i))));
            value.with_data(Data::Map(parts.collect::<Arc<[_]>>()))
        }
        _ => value.clone(),
    };
    marked.with_marks(here)
}

fn part(value: &Value, rests: Option<&Vec<Rest<'_>>>) -> Value {
    rests.map_or_else(|| value.clone(), |rests| mark(value, rests))
}

enum Place {
    Part(usize),
    /// Inside of a set, whose elements have no marks of their own.
    Whole,
    Nowhere,
}

fn place(value: &Value, step: &Step) -> Place {
    let place = match (&value.data, value.ty(), step) {
        (Data::Seq(values), Type::Set(_), Step::Index(key)) => {
            let here = values.iter().any(|v| v.raw_equals(key));
            return if here { Place::Whole } else { Place::Nowhere };
        }
        (Data::Seq(_), Type::Object(ty), Step::Attr(name)) => ty.position(name),
        (Data::Seq(_), Type::Object(ty), Step::Index(key)) => {
            key.as_str().and_then(|k| ty.position(k))
        }
        (Data::Seq(values), _, Step::Index(key)) => key
            .as_number()
            .and_then(|n| n.to_usize())
            .filter(|i| *i < values.len()),
        (Data::Map(entries), _, step) => {
            let key = match step {
                Step::Attr(name) => Some(name),
                Step::Index(key) => key.as_str(),
            };
            key.and_then(|key| entries.binary_search_by(|(k, _)| k.cmp(key)).ok())
        }
        _ => None,
    };
    place.map_or(Place::Nowhere, Place::Part)
}
