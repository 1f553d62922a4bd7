//! Where a schema says that values are sensitive.

use crate::{Attribute, AttributeType, Block, Nesting};
use cty::{Marks, Path, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The paths in a value of the block that are sensitive by the schema.
pub fn sensitive_paths(value: &Value, block: &Block) -> Vec<(Path, Marks)> {
    let mut paths = Vec::new();
    if block.has_sensitive() {
        in_block(value, block, &Path::root(), &mut paths);
    }
    paths
}

fn in_block(value: &Value, block: &Block, at: &Path, paths: &mut Vec<(Path, Marks)>) {
    if value.is_null() || !value.is_known() {
        return;
    }
    in_attributes(value, &block.attributes, at, paths);
    for (name, nested) in &block.block_types {
        let Some(inner) = value.get(name) else {
            continue;
        };
        let at = at.clone().attr(name.clone());
        match nested.nesting {
            Nesting::Single | Nesting::Group => in_block(inner, &nested.block, &at, paths),
            _ => {
                for (key, element) in inner.elements() {
                    in_block(element, &nested.block, &at.clone().index(key), paths);
                }
            }
        }
    }
}

fn in_attributes(
    value: &Value,
    attributes: &BTreeMap<Arc<str>, Attribute>,
    at: &Path,
    paths: &mut Vec<(Path, Marks)>,
) {
    for (name, attribute) in attributes {
        if attribute.sensitive {
            paths.push((at.clone().attr(name.clone()), Marks::SENSITIVE));
            continue;
        }
        let (AttributeType::Nested(nested), Some(inner)) = (&attribute.ty, value.get(name)) else {
            continue;
        };
        if inner.is_null() || !inner.is_known() {
            continue;
        }
        let at = at.clone().attr(name.clone());
        match nested.nesting {
            Nesting::Single | Nesting::Group => {
                in_attributes(inner, &nested.attributes, &at, paths);
            }
            _ => {
                for (key, element) in inner.elements() {
                    if !element.is_null() && element.is_known() {
                        in_attributes(element, &nested.attributes, &at.clone().index(key), paths);
                    }
                }
            }
        }
    }
}

impl Block {
    /// Whether anything in the schema is sensitive.
    fn has_sensitive(&self) -> bool {
        *self.sensitive.get_or_init(|| {
            any_sensitive(&self.attributes)
                || self.block_types.values().any(|b| b.block.has_sensitive())
        })
    }
}

fn any_sensitive(attributes: &BTreeMap<Arc<str>, Attribute>) -> bool {
    attributes.values().any(|a| {
        a.sensitive
            || matches!(&a.ty, AttributeType::Nested(nested) if any_sensitive(&nested.attributes))
    })
}
