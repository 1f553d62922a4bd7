//! Which parts of a block are write-only.

use crate::{Attribute, AttributeType, Block};
use cty::{Path, Step};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Block {
    /// Whether what is at a path in the block is given to the provider and never stored.
    pub fn is_write_only(&self, path: &Path) -> bool {
        let mut names = path.steps().iter().filter_map(|step| match step {
            Step::Attr(name) => Some(name),
            Step::Index(_) => None,
        });
        let mut block = self;
        while let Some(name) = names.next() {
            match block.block_types.get(name) {
                Some(nested) => block = &nested.block,
                None => return in_attributes(&block.attributes, name, names),
            }
        }
        false
    }
}

fn in_attributes<'p>(
    attributes: &BTreeMap<Arc<str>, Attribute>,
    name: &Arc<str>,
    mut names: impl Iterator<Item = &'p Arc<str>>,
) -> bool {
    let mut at = attributes.get(name);
    while let Some(attribute) = at {
        if attribute.write_only {
            return true;
        }
        at = match (&attribute.ty, names.next()) {
            (AttributeType::Nested(nested), Some(name)) => nested.attributes.get(name),
            _ => None,
        };
    }
    false
}
