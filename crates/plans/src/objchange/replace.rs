//! Which attributes need a new object.

use super::report::Violation;
use cty::{Path, Step, Value, ops};
use schema::{Attribute, AttributeType, Block};

/// Of the paths that a provider says need a new object, those that count: the value there changes, may
/// change, or is write-only. None if there is no prior object.
pub fn filter_requires_replace(
    prior: &Value,
    planned: &Value,
    paths: &[Path],
    block: &Block,
) -> Vec<Path> {
    if prior.is_null() {
        return Vec::new();
    }
    let mut counted: Vec<Path> = Vec::new();
    for path in paths {
        let write_only = attribute_at(block, path.steps()).is_some_and(|a| a.write_only);
        let changes = match (prior.at_path(path), planned.at_path(path)) {
            (Ok(before), Ok(after)) => ops::equals(&before, &after).as_bool() != Some(true),
            // It is there on one side only: it changes unless it is null there.
            (Ok(value), Err(_)) | (Err(_), Ok(value)) => !value.is_null(),
            (Err(_), Err(_)) => false,
        };
        if (changes || write_only) && !counted.contains(path) {
            counted.push(path.clone());
        }
    }
    counted
}

/// Paths that a provider says need a new object, but that lead nowhere.
pub fn assert_replace_paths(prior: &Value, planned: &Value, paths: &[Path]) -> Vec<Violation> {
    let nowhere = paths
        .iter()
        .filter(|_| !prior.is_null())
        .filter(|path| prior.at_path(path).is_err() && planned.at_path(path).is_err());
    nowhere
        .map(|path| Violation {
            path: path.clone(),
            message: "said to need a new object, but there is no such attribute".to_owned(),
        })
        .collect()
}

/// The attribute of a schema that the path leads to or into.
fn attribute_at<'a>(block: &'a Block, steps: &[Step]) -> Option<&'a Attribute> {
    let mut names = steps.iter().filter_map(|step| match step {
        Step::Attr(name) => Some(name),
        Step::Index(_) => None,
    });
    let mut block = block;
    let mut attribute = loop {
        let name = names.next()?;
        if let Some(attribute) = block.attributes.get(name) {
            break attribute;
        }
        block = &block.block_types.get(name)?.block;
    };
    for name in names {
        let AttributeType::Nested(nested) = &attribute.ty else {
            break;
        };
        attribute = nested.attributes.get(name)?;
    }
    Some(attribute)
}
