//! Nested blocks, written out or made by `dynamic`.

use super::decode;
use super::dynamic::{Expanded, expand};
use crate::{Attribute, Block, NestedBlock, Nesting};
use cty::{Marks, Type, Value};
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Content, Env};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One nested block, decoded.
pub(super) struct Decoded {
    pub(super) value: Value,
    pub(super) label: Option<Arc<str>>,
    pub(super) range: SourceRange,
}

/// The value of all nested blocks of one type.
pub(super) fn decode_blocks(
    name: &str,
    nested: &NestedBlock,
    content: &Content,
    env: &Env<'_>,
    diags: &mut Diagnostics,
) -> Value {
    let mut found = Vec::new();
    let mut unknown = false;
    let mut marks = Marks::NONE;
    for block in &content.blocks {
        if &*block.kind == name {
            let (value, problems) = decode(&block.body, &nested.block, env);
            diags.append(problems);
            let label = block.labels.first().map(|l| l.value.clone());
            found.push(Decoded {
                value,
                label,
                range: block.def_range.clone(),
            });
        } else if &*block.kind == "dynamic"
            && block.labels.first().is_some_and(|l| &*l.value == name)
        {
            match expand(
                block,
                &nested.block,
                nested.nesting == Nesting::Map,
                env,
                diags,
            ) {
                Expanded::Blocks(blocks, more) => {
                    found.extend(blocks);
                    marks |= more;
                }
                Expanded::Unknown(more) => {
                    unknown = true;
                    marks |= more;
                }
            }
        }
    }
    if unknown {
        return unknown_blocks(nested).with_marks(marks);
    }
    check_count(name, nested, &found, content, diags);
    if found.is_empty() {
        return nested.empty_value();
    }
    collect(nested, found, diags)
}

/// How blocks look whose number is not known.
fn unknown_blocks(nested: &NestedBlock) -> Value {
    match nested.nesting {
        Nesting::Single | Nesting::Group => {
            let ty = nested.block.implied_type();
            let values = ty
                .as_object()
                .map(|o| o.iter().map(|(_, t)| Value::unknown(t.clone())).collect());
            Value::object_of(ty, values.unwrap_or_default())
        }
        _ => Value::unknown(nested.implied_type()),
    }
}

fn check_count(
    name: &str,
    nested: &NestedBlock,
    found: &[Decoded],
    content: &Content,
    diags: &mut Diagnostics,
) {
    let count = found.len() as u64;
    let here = content.missing_range.clone();
    match nested.nesting {
        Nesting::Single | Nesting::Group => {
            if nested.min_items > 0 && found.is_empty() {
                let detail = format!("A {name} block is required here.");
                diags.push(Diagnostic::error(format!("Missing {name} block"), detail).at(here));
            }
            if let [first, second, ..] = found {
                let detail = format!(
                    "There can be only one {name:?} block here, and there is one at {} already.",
                    first.range
                );
                diags.push(
                    Diagnostic::error(format!("Duplicate {name} block"), detail)
                        .at(second.range.clone()),
                );
            }
        }
        Nesting::List | Nesting::Set => {
            if count < nested.min_items {
                let detail = format!(
                    "{} or more {name:?} blocks are required here.",
                    nested.min_items
                );
                diags.push(
                    Diagnostic::error(format!("Insufficient {name} blocks"), detail).at(here),
                );
            } else if nested.max_items > 0 && count > nested.max_items {
                let detail = format!(
                    "{} {name:?} blocks are the most that there can be here.",
                    nested.max_items
                );
                let range = found
                    .get(nested.max_items as usize)
                    .map_or(here, |b| b.range.clone());
                diags.push(Diagnostic::error(format!("Too many {name} blocks"), detail).at(range));
            }
        }
        Nesting::Map => {}
    }
}

fn collect(nested: &NestedBlock, found: Vec<Decoded>, diags: &mut Diagnostics) -> Value {
    let element = nested.block.implied_type();
    let tuple = element.has_dynamic();
    match nested.nesting {
        Nesting::Single => found
            .into_iter()
            .next()
            .map_or_else(|| Value::null(element), |b| b.value),
        Nesting::Group => match found.into_iter().next() {
            Some(block) => block.value,
            None => nested.block.empty_value(),
        },
        Nesting::List if tuple => Value::tuple(found.into_iter().map(|b| b.value).collect()),
        Nesting::List => Value::list_of(
            nested.implied_type(),
            found.into_iter().map(|b| b.value).collect(),
        ),
        Nesting::Set => Value::set_of(
            nested.implied_type(),
            found.into_iter().map(|b| b.value).collect(),
        ),
        Nesting::Map => {
            let mut labels = BTreeSet::new();
            let mut entries: Vec<(Arc<str>, Value)> = Vec::with_capacity(found.len());
            for block in found {
                let label = block.label.unwrap_or_default();
                if !labels.insert(label.clone()) {
                    let detail = format!(
                        "There is another block with the label {:?} already.",
                        &*label
                    );
                    diags.push(Diagnostic::error("Duplicate block", detail).at(block.range));
                    continue;
                }
                entries.push((label, block.value));
            }
            if tuple {
                Value::object(entries)
            } else {
                Value::map_of(nested.implied_type(), entries)
            }
        }
    }
}

/// An attribute that is a list or set of objects and was written as blocks.
pub(super) fn attribute_as_blocks(
    name: &str,
    attribute: &Attribute,
    content: &Content,
    env: &Env<'_>,
    diags: &mut Diagnostics,
) -> Value {
    let ty = attribute.implied_type();
    let (nesting, element) = match &ty {
        Type::List(element) => (Nesting::List, element),
        Type::Set(element) => (Nesting::Set, element),
        _ => return Value::null(ty),
    };
    let Some(object) = element.as_object() else {
        return Value::null(ty.clone());
    };
    let optional = |ty: &Type| Attribute {
        ty: crate::AttributeType::Plain(ty.clone()),
        optional: true,
        ..Attribute::default()
    };
    let block = Block::new(object.iter().map(|(n, t)| (n.clone(), optional(t))), []);
    let nested = NestedBlock {
        nesting,
        block,
        min_items: 0,
        max_items: 0,
    };
    let value = decode_blocks(name, &nested, content, env, diags);
    // Dynamic blocks that make no block leave the attribute out.
    if value.is_known() && value.len() == Some(0) {
        return Value::null(ty.clone());
    }
    value
}
