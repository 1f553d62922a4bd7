//! Values, before and after, as trees of differences.

use super::node::{Kind, NestedBlock, Node, combine};
use cty::{Path, Step, Type, Value};
use plans::Action;
use schema::{Attribute, AttributeType, Block, NestedAttribute, Nesting};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A value that may not be there.
type Side<'a> = Option<&'a Value>;

/// What is left of the paths that need a new object.
#[derive(Clone, Default)]
pub(crate) struct Replaced<'a>(Vec<&'a [Step]>);

impl<'a> Replaced<'a> {
    pub(crate) fn new(paths: &'a [Path]) -> Self {
        Self(paths.iter().map(Path::steps).collect())
    }

    fn here(&self) -> bool {
        self.0.iter().any(|steps| steps.is_empty())
    }

    fn step(&self, is_step: impl Fn(&Step) -> bool) -> Self {
        let inside = self.0.iter().filter_map(|steps| {
            let (first, rest) = steps.split_first()?;
            is_step(first).then_some(rest)
        });
        Self(inside.collect())
    }

    fn attr(&self, name: &str) -> Self {
        self.step(|step| match step {
            Step::Attr(n) => **n == *name,
            Step::Index(key) => key.as_str().is_some_and(|k| **k == *name),
        })
    }

    fn index(&self, index: usize) -> Self {
        self.step(|step| match step {
            Step::Attr(_) => false,
            Step::Index(key) => key.as_number().and_then(|n| n.to_usize()) == Some(index),
        })
    }
}

/// Null counts as not there.
fn present<'a>(side: Side<'a>) -> Side<'a> {
    side.filter(|v| !v.is_null())
}

fn part<'a>(side: Side<'a>, name: &str) -> Side<'a> {
    side.and_then(|v| v.get(name))
}

/// A block's values.
pub(crate) fn block(
    block: &Block,
    before: Side<'_>,
    after: Side<'_>,
    replaced: &Replaced<'_>,
) -> Node {
    let (before, after) = (present(before), present(after));
    let mut attributes = BTreeMap::new();
    for (name, attribute) in &block.attributes {
        let side = |side| legacy_null(present(part(side, name)));
        let (b, a) = (side(before), side(after));
        if b.is_some() || a.is_some() {
            attributes.insert(
                name.clone(),
                attribute_of(attribute, b, a, &replaced.attr(name)),
            );
        }
    }
    let mut blocks = Vec::new();
    for (name, nested) in &block.block_types {
        let (b, a) = (part(before, name), part(after, name));
        let replaced = replaced.attr(name);
        let found = nested_blocks(nested, b, a, &replaced);
        if !found.is_empty() {
            blocks.push((name.clone(), found));
        }
    }
    let parts = attributes.values().map(|n: &Node| n.action);
    let inner = blocks
        .iter()
        .flat_map(|(_, all)| all.iter().map(|b| b.node.action));
    let action = combine(start(before, after), parts.chain(inner));
    Node::new(action, Kind::Block { attributes, blocks }).replacing(replaced.here())
}

/// Empty strings are as good as null in blocks: many providers cannot tell them apart.
fn legacy_null(side: Side<'_>) -> Side<'_> {
    side.filter(|v| v.as_str().is_none_or(|s| !s.is_empty()) || v.marks().is_sensitive())
}

fn nested_blocks(
    nested: &schema::NestedBlock,
    before: Side<'_>,
    after: Side<'_>,
    replaced: &Replaced<'_>,
) -> Vec<NestedBlock> {
    let hidden = [before, after]
        .into_iter()
        .flatten()
        .any(|v| v.marks().is_sensitive());
    let one = |key: Option<Arc<str>>, b: Side<'_>, a: Side<'_>, replaced: &Replaced<'_>| {
        let node = match a {
            Some(value) if !value.is_known() => {
                unknown(b.map(|b| block(&nested.block, Some(b), None, &Replaced::default())))
            }
            _ => block(&nested.block, b, a, replaced),
        };
        NestedBlock { key, node, hidden }
    };
    match nested.nesting {
        Nesting::Single | Nesting::Group => {
            let (before, after) = (present(before), present(after));
            if before.is_none() && after.is_none() {
                return Vec::new();
            }
            vec![one(None, before, after, replaced)]
        }
        Nesting::Set => set_pairs(elements(before), elements(after))
            .into_iter()
            .map(|(b, a)| one(None, b, a, &Replaced::default()))
            .collect(),
        Nesting::List => index_pairs(elements(before), elements(after))
            .into_iter()
            .enumerate()
            .map(|(i, (b, a))| one(None, b, a, &replaced.index(i)))
            .collect(),
        Nesting::Map => keys(before, after)
            .into_iter()
            .map(|key| {
                let (b, a) = (part(before, &key), part(after, &key));
                one(Some(key.clone()), b, a, &replaced.attr(&key))
            })
            .collect(),
    }
}

fn attribute_of(
    attribute: &Attribute,
    before: Side<'_>,
    after: Side<'_>,
    replaced: &Replaced<'_>,
) -> Node {
    match &attribute.ty {
        AttributeType::Plain(ty) => typed(ty, before, after, replaced),
        AttributeType::Nested(nested) => nested_attribute(nested, before, after, replaced),
    }
}

fn nested_attribute(
    nested: &NestedAttribute,
    before: Side<'_>,
    after: Side<'_>,
    replaced: &Replaced<'_>,
) -> Node {
    let object = |b: Side<'_>, a: Side<'_>, replaced: &Replaced<'_>| {
        checked(b, a, replaced, &|b, a| {
            let (b, a) = (present(b), present(a));
            let mut all = BTreeMap::new();
            for (name, attribute) in &nested.attributes {
                let (b, a) = (present(part(b, name)), present(part(a, name)));
                if b.is_some() || a.is_some() {
                    all.insert(
                        name.clone(),
                        attribute_of(attribute, b, a, &replaced.attr(name)),
                    );
                }
            }
            let action = combine(start(b, a), all.values().map(|n| n.action));
            Node::new(action, Kind::Object(all))
        })
    };
    checked(
        before,
        after,
        replaced,
        &|before, after| match nested.nesting {
            Nesting::Single | Nesting::Group => object(before, after, replaced),
            Nesting::Map => {
                let entries = keys(before, after).into_iter().map(|key| {
                    let node = object(part(before, &key), part(after, &key), &replaced.attr(&key));
                    (key, node)
                });
                let entries: BTreeMap<_, _> = entries.collect();
                let action = combine(start(before, after), entries.values().map(|n| n.action));
                Node::new(action, Kind::Map(entries))
            }
            Nesting::List => {
                let pairs = index_pairs(elements(before), elements(after));
                let items = pairs.into_iter().enumerate();
                let items = items.map(|(i, (b, a))| object(b, a, &replaced.index(i)));
                sequence(before, after, items.collect(), false)
            }
            Nesting::Set => {
                let pairs = set_pairs(elements(before), elements(after));
                let items = pairs
                    .into_iter()
                    .map(|(b, a)| object(b, a, &Replaced::default()));
                sequence(before, after, items.collect(), false)
            }
        },
    )
}

/// What is the same for all types: hidden and unknown values.
fn checked(
    before: Side<'_>,
    after: Side<'_>,
    replaced: &Replaced<'_>,
    other: &dyn Fn(Side<'_>, Side<'_>) -> Node,
) -> Node {
    let sensitive = |side: Side<'_>| side.is_some_and(|v| v.marks().is_sensitive());
    let node = if sensitive(before) || sensitive(after) {
        let action = match (present(before), present(after)) {
            (None, Some(_)) => Action::Create,
            (Some(_), None) => Action::Delete,
            _ if before == after => Action::NoOp,
            _ => Action::Update,
        };
        Node::new(action, Kind::Sensitive)
    } else if after.is_some_and(|v| !v.is_known()) {
        unknown(before.map(|b| other(Some(b), None)))
    } else {
        other(before, after)
    };
    node.replacing(replaced.here())
}

fn unknown(before: Option<Node>) -> Node {
    let action = if before.is_some() {
        Action::Update
    } else {
        Action::Create
    };
    Node::new(action, Kind::Unknown(before.map(Box::new)))
}

/// A value of a type that the schema gives.
fn typed(ty: &Type, before: Side<'_>, after: Side<'_>, replaced: &Replaced<'_>) -> Node {
    if *ty == Type::Dynamic {
        return dynamic(before, after);
    }
    checked(before, after, replaced, &|before, after| match ty {
        Type::List(element) => {
            let pairs = aligned_pairs(elements(before), elements(after));
            let items = pairs.into_iter().enumerate();
            let items = items.map(|(i, (b, a))| typed(element, b, a, &replaced.index(i)));
            sequence(before, after, items.collect(), true)
        }
        Type::Tuple(types) => {
            let pairs = index_pairs(elements(before), elements(after));
            let items = pairs.into_iter().zip(types.iter()).enumerate();
            let items = items.map(|(i, ((b, a), ty))| typed(ty, b, a, &replaced.index(i)));
            sequence(before, after, items.collect(), true)
        }
        Type::Set(element) => {
            let pairs = set_pairs(elements(before), elements(after));
            let items = pairs
                .into_iter()
                .map(|(b, a)| typed(element, b, a, &Replaced::default()));
            sequence(before, after, items.collect(), false)
        }
        Type::Map(element) => {
            let entries = keys(before, after).into_iter().map(|key| {
                let node = typed(
                    element,
                    part(before, &key),
                    part(after, &key),
                    &replaced.attr(&key),
                );
                (key, node)
            });
            let entries: BTreeMap<_, _> = entries.collect();
            let action = combine(start(before, after), entries.values().map(|n| n.action));
            Node::new(action, Kind::Map(entries))
        }
        Type::Object(object) => {
            let mut all = BTreeMap::new();
            for (name, ty) in object.iter() {
                let (b, a) = (present(part(before, name)), present(part(after, name)));
                if b.is_some() || a.is_some() {
                    all.insert(name.clone(), typed(ty, b, a, &replaced.attr(name)));
                }
            }
            let action = combine(start(before, after), all.values().map(|n| n.action));
            Node::new(action, Kind::Object(all))
        }
        _ => primitive(before, after),
    })
}

/// A value of any type, as in outputs and JSON.
pub(crate) fn dynamic(before: Side<'_>, after: Side<'_>) -> Node {
    checked(before, after, &Replaced::default(), &|before, after| {
        let forms = [before, after].map(|side| side.map(form));
        let form = match forms {
            [Some(b), Some(a)] if b == a => b,
            [Some(form), None] | [None, Some(form)] => form,
            [Some(Form::Null), Some(Form::Primitive(_))]
            | [Some(Form::Primitive(_)), Some(Form::Null)] => Form::Null,
            [Some(_), Some(_)] => {
                let (old, new) = (dynamic(before, None), dynamic(None, after));
                return Node::new(Action::Update, Kind::Other(Box::new(old), Box::new(new)));
            }
            [None, None] => Form::Null,
        };
        match form {
            Form::Null | Form::Primitive(_) => primitive(before, after),
            Form::Array => {
                let pairs = index_pairs(elements(before), elements(after));
                let items = pairs.into_iter().map(|(b, a)| dynamic(b, a)).collect();
                sequence(before, after, items, true)
            }
            Form::Object => {
                let entries = keys(before, after).into_iter().map(|key| {
                    let node = dynamic(part(before, &key), part(after, &key));
                    (key, node)
                });
                let entries: BTreeMap<_, _> = entries.collect();
                let action = combine(start(before, after), entries.values().map(|n| n.action));
                Node::new(action, Kind::Object(entries))
            }
        }
    })
}

/// The forms that a value has in JSON.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Null,
    Primitive(u8),
    Array,
    Object,
}

fn form(value: &Value) -> Form {
    match value.ty() {
        _ if value.is_null() => Form::Null,
        Type::Bool => Form::Primitive(0),
        Type::Number => Form::Primitive(1),
        Type::Map(_) | Type::Object(_) => Form::Object,
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => Form::Array,
        _ => Form::Primitive(2),
    }
}

fn primitive(before: Side<'_>, after: Side<'_>) -> Node {
    let action = match (before, after) {
        (None, Some(_)) => Action::Create,
        (Some(_), None) => Action::Delete,
        (b, a) if b == a => Action::NoOp,
        _ => Action::Update,
    };
    let is_text = |side: Side<'_>| side.is_none_or(|v| v.is_null() || v.as_str().is_some());
    let text = |side: Side<'_>| side.and_then(|v| v.as_str().cloned());
    if is_text(before) && is_text(after) && (text(before).is_some() || text(after).is_some()) {
        return Node::new(action, Kind::Text(text(before), text(after)));
    }
    let plain = |side: Side<'_>| {
        side.map(|v| match (v.as_bool(), v.as_number()) {
            (Some(b), _) => b.to_string(),
            (_, Some(n)) => n.to_string(),
            _ => v
                .as_str()
                .map_or_else(|| "null".to_owned(), |s| format!("{s:?}")),
        })
    };
    Node::new(action, Kind::Plain(plain(before), plain(after)))
}

/// What a whole is before its parts are looked at.
fn start(before: Side<'_>, after: Side<'_>) -> Action {
    match (present(before), present(after)) {
        (None, Some(_)) => Action::Create,
        (Some(_), None) => Action::Delete,
        _ => Action::NoOp,
    }
}

fn sequence(before: Side<'_>, after: Side<'_>, items: Vec<Node>, context: bool) -> Node {
    let action = combine(start(before, after), items.iter().map(|n| n.action));
    Node::new(action, Kind::Seq { items, context })
}

fn elements<'a>(side: Side<'a>) -> &'a [Value] {
    side.and_then(Value::as_slice).unwrap_or_default()
}

fn keys(before: Side<'_>, after: Side<'_>) -> BTreeSet<Arc<str>> {
    let names = [before, after]
        .into_iter()
        .flatten()
        .flat_map(|v| v.elements());
    names.filter_map(|(key, _)| key.as_str().cloned()).collect()
}

type Pairs<'a> = Vec<(Side<'a>, Side<'a>)>;

fn index_pairs<'a>(before: &'a [Value], after: &'a [Value]) -> Pairs<'a> {
    let len = before.len().max(after.len());
    (0..len).map(|i| (before.get(i), after.get(i))).collect()
}

/// Elements of sets: those that stay or go, then new ones.
fn set_pairs<'a>(before: &'a [Value], after: &'a [Value]) -> Pairs<'a> {
    let text = |v: &Value| format!("{v:?}");
    let old: BTreeSet<String> = before.iter().map(text).collect();
    let new: BTreeMap<String, &Value> = after.iter().map(|v| (text(v), v)).collect();
    let stay = before.iter().map(|b| (Some(b), new.get(&text(b)).copied()));
    let come = after.iter().filter(|a| !old.contains(&text(a)));
    stay.chain(come.map(|a| (None, Some(a)))).collect()
}

/// Elements of lists: the longest common part stays, objects between are taken for changed ones.
fn aligned_pairs<'a>(before: &'a [Value], after: &'a [Value]) -> Pairs<'a> {
    use similar::{Algorithm, DiffOp, capture_diff_slices};
    let texts = |values: &[Value]| values.iter().map(|v| format!("{v:?}")).collect::<Vec<_>>();
    let ops = capture_diff_slices(Algorithm::Myers, &texts(before), &texts(after));
    let mut pairs = Vec::new();
    for op in ops {
        let (old, new) = (op.old_range(), op.new_range());
        if matches!(op, DiffOp::Equal { .. }) {
            pairs.extend(old.zip(new).map(|(b, a)| (before.get(b), after.get(a))));
            continue;
        }
        let is_object = |v: Option<&Value>| v.is_some_and(|v| matches!(v.ty(), Type::Object(_)));
        let (mut b, mut a) = (old.start, new.start);
        while b < old.end && a < new.end && is_object(before.get(b)) && is_object(after.get(a)) {
            pairs.push((before.get(b), after.get(a)));
            b += 1;
            a += 1;
        }
        pairs.extend((b..old.end).map(|b| (before.get(b), None)));
        pairs.extend((a..new.end).map(|a| (None, after.get(a))));
    }
    pairs
}
