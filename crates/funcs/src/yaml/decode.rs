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
    let length = text.chars().count();
    let unfinished = !text.ends_with('\n');
    let mut parser = Parser::new_from_str(text);
    let mut builder = Builder::default();
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|e| e.to_string())?;
        // A block scalar does not end with a line break that is not there.
        let cut = unfinished && span.end.index() >= length;
        let taken = builder.take(event, cut).and_then(|node| match node {
            Some((node, anchor)) => builder.place(node, anchor),
            None => Ok(()),
        });
        taken.map_err(|message| {
            let (line, column) = (span.start.line(), span.start.col() + 1);
            format!("on line {line}, column {column}: {message}")
        })?;
    }
    builder
        .root
        .ok_or_else(|| "there is no document".to_owned())
}

/// The document as far as it was read.
#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    root: Option<Value>,
    documents: usize,
}

impl Builder {
    /// Takes an event; a node that it completes comes back, with its anchor.
    fn take(&mut self, event: Event<'_>, cut: bool) -> Result<Option<(Node, usize)>, String> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err("only one document is allowed".to_owned());
                }
                Ok(None)
            }
            Event::SequenceStart(anchor, tag) => {
                check_tag(tag.as_deref(), "seq")?;
                self.begin(Open::Sequence {
                    anchor,
                    items: Vec::new(),
                    nodes: 1,
                })
            }
            Event::MappingStart(anchor, tag) => {
                check_tag(tag.as_deref(), "map")?;
                self.begin(Open::Mapping {
                    anchor,
                    entries: Vec::new(),
                    key: None,
                    nodes: 1,
                })
            }
            Event::Scalar(text, style, anchor, tag) => {
                if let (
                    Some(Open::Mapping {
                        key: key @ None, ..
                    }),
                    "<<",
                    None,
                ) = (self.open.last_mut(), &*text, &tag)
                {
                    *key = Some(Key::Merge);
                    return Ok(None);
                }
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let text = text
                    .strip_suffix('\n')
                    .filter(|_| cut && block)
                    .unwrap_or(&text);
                Ok(Some(((scalar_value(text, style, tag)?, 1), anchor)))
            }
            Event::Alias(id) => {
                let node = self.anchors.get(&id).cloned();
                Ok(Some((
                    node.ok_or("an alias must not stand inside what it names")?,
                    0,
                )))
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open::Sequence {
                    anchor,
                    items,
                    nodes,
                }) => Ok(Some(((Value::tuple(items), nodes), anchor))),
                Some(Open::Mapping {
                    anchor,
                    entries,
                    nodes,
                    ..
                }) => Ok(Some(((mapping(entries)?, nodes), anchor))),
                None => Err("a collection ends that did not begin".to_owned()),
            },
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(None),
        }
    }

    fn begin(&mut self, collection: Open) -> Result<Option<(Node, usize)>, String> {
        if let Some(Open::Mapping { key: None, .. }) = self.open.last() {
            return Err("only strings can be keys of a mapping".to_owned());
        }
        self.open.push(collection);
        if self.open.len() > DEPTH {
            return Err("the nesting is too deep".to_owned());
        }
        Ok(None)
    }

    /// Puts a node where it belongs.
    fn place(&mut self, node: Node, anchor: usize) -> Result<(), String> {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let (value, size) = node;
        match self.open.last_mut() {
            None => self.root = Some(value),
            Some(Open::Sequence { items, nodes, .. }) => {
                *nodes = grow(*nodes, size)?;
                items.push(value);
            }
            Some(Open::Mapping {
                entries,
                key,
                nodes,
                ..
            }) => {
                *nodes = grow(*nodes, size)?;
                match key.take() {
                    Some(key) => entries.push((key, value)),
                    None => *key = Some(Key::Name(key_name(&value)?)),
                }
            }
        }
        Ok(())
    }
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
            // A block is read like a plain scalar, and is a string all the same.
            _ if !quoted => {
                let value = scalar::resolve(text)?;
                cty::convert(&value, &Type::String).map_err(|e| e.message)
            }
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
