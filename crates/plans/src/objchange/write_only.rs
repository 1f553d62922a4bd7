//! Write-only attributes.

use super::report::{Report, Violation};
use cty::Value;
use schema::{Attribute, AttributeType, Block, Nesting};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Write-only attributes that are not null in an object that a provider gave. The values are in no
/// message.
pub fn assert_write_only_null(block: &Block, value: &Value) -> Vec<Violation> {
    let mut report = Report::default();
    check_block(block, value, &mut report);
    report.found
}

fn check_block(block: &Block, value: &Value, report: &mut Report) {
    check_attributes(&block.attributes, value, report);
    for (name, nested) in &block.block_types {
        let Some(value) = value.get(name) else {
            continue;
        };
        report.attr(name, |r| {
            each(nested.nesting, value, r, &|v, r| {
                check_block(&nested.block, v, r);
            });
        });
    }
}

fn check_attributes(
    attributes: &BTreeMap<Arc<str>, Attribute>,
    value: &Value,
    report: &mut Report,
) {
    for (name, attribute) in attributes {
        let nested = match &attribute.ty {
            AttributeType::Nested(nested) => Some(nested),
            AttributeType::Plain(_) => None,
        };
        if !attribute.write_only && nested.is_none() {
            continue;
        }
        let Some(value) = value.get(name).filter(|v| !v.is_null()) else {
            continue;
        };
        report.attr(name, |r| {
            if attribute.write_only {
                r.add("write-only attributes must be null");
            } else if let Some(nested) = nested {
                each(nested.nesting, value, r, &|v, r| {
                    check_attributes(&nested.attributes, v, r);
                });
            }
        });
    }
}

fn each(nesting: Nesting, value: &Value, report: &mut Report, check: &dyn Fn(&Value, &mut Report)) {
    if matches!(nesting, Nesting::Single | Nesting::Group) {
        check(value, report);
        return;
    }
    for (key, element) in value.elements() {
        report.index(key, |r| check(element, r));
    }
}
