//! YAML text to values, event by event.

use super::scalar;
use cty::{Type, Value};
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Deeper nesting is a mistake.
const DEPTH: usize = 1000;
/// A document that grows to more nodes than this by its aliases is an attack.
const NODES: usize = 10_000_000;

/// A value and how many nodes it has.
type Node = (Value, usize);

/// A sequence or mapping that is not complete yet.
enum Open {
    Sequence {
        anchor: usize,
        items: Vec<Value>,
        nodes: usize,
    },
    Mapping {
        anchor: usize,
        entries: Vec<(Key, Value)>,
        key: Option<Key>,
        nodes: usize,
    },
}

enum Key {
    Name(Arc<str>),
    /// `<<`: the entries of the value are taken over.
    Merge,
}

/// Reads a document; there must be exactly one.
pub(super) fn decode(text: &str) -> Result<Value, String> {
    if text.trim_start_matches(['\n', ' ']).starts_with('\t') {
        return Err("tabs must not be used for indentation".to_owned());
    }
    let unfinished = !text.ends_with('\n');
    let length = text.chars().count();
    let mut parser = Parser::new_from_str(text);
    let mut open: Vec<Open> = Vec::new();
    let mut anchors: BTreeMap<usize, Node> = BTreeMap::new();
    let mut root: Option<Value> = None;
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|e| e.to_string())?;
        let at = |message: &str| {
            format!(
                "on line {}, column {}: {message}",
                span.start.line(),
                span.start.col() + 1
            )
        };
        let (node, anchor): (Node, usize) = match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    return Err(at("only one document is allowed"));
                }
                continue;
            }
            Event::SequenceStart(anchor, tag) => {
                check_tag(tag.as_deref(), "seq").map_err(|e| at(&e))?;
                open.push(Open::Sequence {
                    anchor,
                    items: Vec::new(),
                    nodes: 1,
                });
                if open.len() > DEPTH {
                    return Err(at("the nesting is too deep"));
                }
                continue;
            }
            Event::MappingStart(anchor, tag) => {
                check_tag(tag.as_deref(), "map").map_err(|e| at(&e))?;
                if let Some(Open::Mapping { key: None, .. }) = open.last() {
                    return Err(at("only strings can be keys of a mapping"));
                }
                open.push(Open::Mapping {
                    anchor,
                    entries: Vec::new(),
                    key: None,
                    nodes: 1,
                });
                if open.len() > DEPTH {
                    return Err(at("the nesting is too deep"));
                }
                continue;
            }
            Event::Scalar(text, style, anchor, tag) => {
                let expects_key = matches!(open.last(), Some(Open::Mapping { key: None, .. }));
                if expects_key && text == "<<" && tag.is_none() {
                    if let Some(Open::Mapping { key, .. }) = open.last_mut() {
                        *key = Some(Key::Merge);
                    }
                    continue;
                }
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                // A block scalar does not end with a line break that is not there.
                let cut = block && unfinished && span.end.index() >= length;
                let text = text.strip_suffix('\n').filter(|_| cut).unwrap_or(&text);
                let value = scalar_value(text, style, tag).map_err(|e| at(&e))?;
                ((value, 1), anchor)
            }
            Event::Alias(id) => {
                let node = anchors.get(&id).cloned();
                (
                    node.ok_or_else(|| at("an alias must not stand inside what it names"))?,
                    0,
                )
            }
            Event::SequenceEnd => match open.pop() {
                Some(Open::Sequence {
                    anchor,
                    items,
                    nodes,
                }) => ((Value::tuple(items), nodes), anchor),
                _ => return Err(at("a sequence ends that did not begin")),
            },
            Event::MappingEnd => match open.pop() {
                Some(Open::Mapping {
                    anchor,
                    entries,
                    nodes,
                    ..
                }) => ((mapping(entries).map_err(|e| at(&e))?, nodes), anchor),
                _ => return Err(at("a mapping ends that did not begin")),
            },
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => continue,
        };
        if anchor > 0 {
            anchors.insert(anchor, node.clone());
        }
        match open.last_mut() {
            None => root = Some(node.0),
            Some(Open::Sequence { items, nodes, .. }) => {
                *nodes = grow(*nodes, node.1).map_err(|e| at(&e))?;
                items.push(node.0);
            }
            Some(Open::Mapping {
                entries,
                key,
                nodes,
                ..
            }) => {
                *nodes = grow(*nodes, node.1).map_err(|e| at(&e))?;
                match key.take() {
                    Some(key) => entries.push((key, node.0)),
                    None => *key = Some(Key::Name(key_name(&node.0).map_err(|e| at(&e))?)),
                }
            }
        }
    }
    root.ok_or_else(|| "there is no document".to_owned())
}

fn grow(nodes: usize, more: usize) -> Result<usize, String> {
    nodes
        .checked_add(more)
        .filter(|n| *n <= NODES)
        .ok_or_else(|| "the aliases make it too large".to_owned())
}

fn key_name(key: &Value) -> Result<Arc<str>, String> {
    cty::convert(key, &Type::String)
        .ok()
        .and_then(|v| v.as_str().cloned())
        .ok_or_else(|| "only strings can be keys of a mapping".to_owned())
}

/// Entries in order: later ones replace earlier ones, wherever they come from.
fn mapping(entries: Vec<(Key, Value)>) -> Result<Value, String> {
    let mut all: Vec<(Arc<str>, Value)> = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        match (key, value.ty()) {
            (Key::Name(name), _) => all.push((name, value)),
            (Key::Merge, Type::Object(_)) => {
                all.extend(
                    value
                        .elements()
                        .filter_map(|(k, v)| Some((k.as_str()?.clone(), v.clone()))),
                );
            }
            (Key::Merge, _) => return Err("only a mapping can be merged in".to_owned()),
        }
    }
    Ok(Value::object(all))
}

/// The name of a tag of YAML's own.
fn core(tag: &Tag) -> Option<&str> {
    if tag.handle == "tag:yaml.org,2002:" {
        return Some(&tag.suffix);
    }
    (tag.handle.is_empty() || tag.handle == "!").then_some(())?;
    tag.suffix.strip_prefix("tag:yaml.org,2002:")
}

fn unsupported(tag: &Tag) -> String {
    format!(
        "the tag {:?} is not supported",
        format!("{}{}", tag.handle, tag.suffix)
    )
}

fn check_tag(tag: Option<&Tag>, expected: &str) -> Result<(), String> {
    match tag {
        Some(tag) if core(tag) != Some(expected) => Err(unsupported(tag)),
        _ => Ok(()),
    }
}

fn scalar_value(
    text: &str,
    style: ScalarStyle,
    tag: Option<Cow<'_, Tag>>,
) -> Result<Value, String> {
    let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
    let Some(tag) = tag else {
        return match style {
            ScalarStyle::Plain => scalar::resolve(text).map_err(str::to_owned),
            _ if text.is_empty() && !quoted => Ok(Value::null(Type::String)),
            _ => Ok(Value::string(text)),
        };
    };
    let wrong = || format!("{text:?} does not fit its tag");
    // A tag says what is expected; what is found may be anything else that is not just text.
    let found = || scalar::resolve(text).map(|v| Some(v).filter(|v| *v.ty() != Type::String));
    match core(&tag).ok_or_else(|| unsupported(&tag))? {
        "str" => Ok(Value::string(text)),
        "binary" => crate::encoding::decode_base64(text)
            .map(|_| Value::string(text))
            .ok_or_else(wrong),
        "null" => Ok(found()?.unwrap_or_else(|| Value::null(Type::Dynamic))),
        "int" | "float" | "bool" => match found()? {
            Some(_) if quoted => Ok(Value::string(text)),
            found => found.ok_or_else(wrong),
        },
        "timestamp" => match scalar::timestamp(text) {
            Some(timestamp) => Ok(Value::string(timestamp)),
            None => found()?.ok_or_else(wrong),
        },
        _ => Err(unsupported(&tag)),
    }
}
