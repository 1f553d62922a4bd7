//! What a provider may plan.

use super::parts::{attr, counterpart};
use super::report::{Report, Violation, show};
use cty::{Refinement, Type, Value, transform};
use schema::{Attribute, AttributeType, Block, NestedAttribute, NestedBlock, Nesting};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

const UNKNOWN_BLOCK: &str = "a nested block must not be unknown itself; only its attributes may be";

/// Whether a plan keeps to the configuration: what is configured is planned so, or as it was before;
/// only computed attributes that are not configured are the provider's to decide.
pub fn assert_plan_valid(
    block: &Block,
    prior: &Value,
    config: &Value,
    planned: &Value,
) -> Vec<Violation> {
    let mut report = Report::default();
    check_block(block, prior, config, planned, &mut report);
    report.found
}

/// Whether both or neither exist, and what to go on with.
fn exists(config: &Value, planned: &Value, report: &mut Report) -> bool {
    match (config.is_null(), planned.is_null()) {
        (false, true) => report.add("planned to be absent, but the configuration wants it"),
        (true, false) => report.add("planned, but the configuration does not have it"),
        (missing, _) => return !missing,
    }
    false
}

fn check_block(block: &Block, prior: &Value, config: &Value, planned: &Value, report: &mut Report) {
    if !exists(config, planned, report) {
        return;
    }
    check_attributes(&block.attributes, prior, config, planned, report);
    for (name, nested) in &block.block_types {
        let (prior, config) = (attr(prior, name), attr(config, name));
        let planned = attr(planned, name);
        report.attr(name, |r| check_blocks(nested, &prior, &config, &planned, r));
    }
}

fn check_attributes(
    attributes: &BTreeMap<Arc<str>, Attribute>,
    prior: &Value,
    config: &Value,
    planned: &Value,
    report: &mut Report,
) {
    for (name, attribute) in attributes {
        let (prior, config) = (attr(prior, name), attr(config, name));
        let planned = attr(planned, name);
        report.attr(name, |r| {
            check_attribute(attribute, &prior, &config, &planned, r);
        });
    }
}

fn check_attribute(
    attribute: &Attribute,
    prior: &Value,
    config: &Value,
    planned: &Value,
    report: &mut Report,
) {
    if same_but_refinements(planned, config) {
        return;
    }
    if !prior.is_null() && !config.is_null() && planned.raw_equals(prior) {
        return;
    }
    if attribute.write_only {
        if !planned.is_null() {
            report.add("planned for a write-only attribute, which must be null");
        }
        return;
    }
    if config.is_null() || (attribute.computed && !attribute.optional) {
        if !attribute.computed && !planned.is_null() {
            report.add(if attribute.sensitive {
                "planned for an attribute that is not computed and not configured".to_owned()
            } else {
                format!(
                    "planned as {} though the attribute is not computed and not configured",
                    show(planned)
                )
            });
        }
        return;
    }
    if let AttributeType::Nested(nested) = &attribute.ty
        && config.is_known()
    {
        check_nested(nested, prior, config, planned, report);
        return;
    }
    report.add(mismatch(attribute, prior, config, planned));
}

fn mismatch(attribute: &Attribute, prior: &Value, config: &Value, planned: &Value) -> String {
    let or_prior = if prior.is_null() {
        ""
    } else {
        " nor prior value"
    };
    if attribute.sensitive {
        return format!("the planned sensitive value is not the configured value{or_prior}");
    }
    let prior = if prior.is_null() {
        String::new()
    } else {
        format!("{or_prior} {}", show(prior))
    };
    format!(
        "planned value {} is not the configured value {}{prior}",
        show(planned),
        show(config)
    )
}

fn check_nested(
    nested: &NestedAttribute,
    prior: &Value,
    config: &Value,
    planned: &Value,
    report: &mut Report,
) {
    if !exists(config, planned, report) {
        return;
    }
    if !planned.is_known() {
        report.add("planned as unknown as a whole though it is configured");
        return;
    }
    let check = |prior: &Value, config: &Value, planned: &Value, r: &mut Report| {
        if same_but_refinements(planned, config) || !exists(config, planned, r) {
            return;
        }
        if !planned.is_known() {
            r.add("planned as unknown as a whole though it is configured");
        } else {
            check_attributes(&nested.attributes, prior, config, planned, r);
        }
    };
    match nested.nesting {
        Nesting::Single | Nesting::Group => {
            check_attributes(&nested.attributes, prior, config, planned, report);
        }
        Nesting::List => check_list(prior, config, planned, report, &check),
        Nesting::Map => check_map(prior, config, planned, report, &check),
        Nesting::Set => check_set_len(config, planned, report),
    }
}

fn check_blocks(
    nested: &NestedBlock,
    prior: &Value,
    config: &Value,
    planned: &Value,
    report: &mut Report,
) {
    if planned.raw_equals(config) {
        return;
    }
    if !config.is_known() {
        report.add(format!(
            "planned as {} though the blocks that a dynamic block makes are not known yet",
            show(planned)
        ));
        return;
    }
    if !planned.is_known() {
        report.add(UNKNOWN_BLOCK);
        return;
    }
    let repeated = !matches!(nested.nesting, Nesting::Single | Nesting::Group);
    if repeated && planned.is_null() {
        report.add("planned as null; a nested block type without blocks must be empty");
        return;
    }
    let check = |prior: &Value, config: &Value, planned: &Value, r: &mut Report| {
        if planned.is_known() {
            check_block(&nested.block, prior, config, planned, r);
        } else {
            r.add(UNKNOWN_BLOCK);
        }
    };
    match nested.nesting {
        Nesting::Single | Nesting::Group => check(prior, config, planned, report),
        Nesting::List => check_list(prior, config, planned, report, &check),
        Nesting::Map => check_map(prior, config, planned, report, &check),
        Nesting::Set => {
            for (key, element) in planned.elements() {
                if !element.is_known() {
                    report.index(key, |r| r.add(UNKNOWN_BLOCK));
                }
            }
        }
    }
}

/// Checks prior, configured and planned element.
type Check<'a> = &'a dyn Fn(&Value, &Value, &Value, &mut Report);

fn check_list(
    prior: &Value,
    config: &Value,
    planned: &Value,
    report: &mut Report,
    check: Check<'_>,
) {
    let (want, have) = (config.len().unwrap_or(0), planned.len().unwrap_or(0));
    if want != have {
        report.add(format!("{have} planned, but {want} configured"));
        return;
    }
    check_elements(prior, config, planned, report, check);
}

fn check_map(
    prior: &Value,
    config: &Value,
    planned: &Value,
    report: &mut Report,
    check: Check<'_>,
) {
    for (i, (key, _)) in config.elements().enumerate() {
        if counterpart(planned, i, &key).is_none() {
            report.index(key, |r| r.add("configured, but missing in the plan"));
        }
    }
    check_elements(prior, config, planned, report, check);
}

fn check_elements(
    prior: &Value,
    config: &Value,
    planned: &Value,
    report: &mut Report,
    check: Check<'_>,
) {
    for (i, (key, planned)) in planned.elements().enumerate() {
        let configured = counterpart(config, i, &key);
        let none = Value::null(planned.ty().clone());
        let prior = counterpart(prior, i, &key).unwrap_or(&none);
        report.index(key, |r| match configured {
            Some(config) => check(prior, config, planned, r),
            None => r.add("planned, but not configured"),
        });
    }
}

/// Members of a set cannot be told apart, so only their number is looked at: unknown ones may turn out
/// to be equal to others.
fn check_set_len(config: &Value, planned: &Value, report: &mut Report) {
    let (Some(want), Some(have)) = (config.len(), planned.len()) else {
        return;
    };
    let least = |value: &Value, len: usize| {
        if value.is_wholly_known() {
            len
        } else {
            len.min(1)
        }
    };
    if have < least(config, want) || want < least(planned, have) {
        report.add(format!("{have} planned, but {want} configured"));
    }
}

/// Whether two values are the same, whatever is known about what is unknown in them.
fn same_but_refinements(a: &Value, b: &Value) -> bool {
    if a.raw_equals(b) {
        return true;
    }
    if a.is_wholly_known() || b.is_wholly_known() {
        return false;
    }
    unrefined(a).raw_equals(&unrefined(b))
}

fn unrefined(value: &Value) -> Value {
    let result: Result<Value, Infallible> = transform(value, |_, part| {
        let refined = part
            .refinement()
            .is_some_and(|r| *r != Refinement::default());
        Ok(match part.ty() {
            Type::Dynamic => part.clone(),
            ty if refined => Value::unknown(ty.clone()).with_marks(part.marks()),
            _ => part.clone(),
        })
    });
    match result {
        Ok(value) => value,
    }
}
