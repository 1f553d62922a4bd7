//! What may come out where something was planned.

use super::conforms::mismatches;
use super::parts::{attr, counterpart, names};
use super::report::{Report, Violation, show};
use cty::{Refinement, Type, Value};
use schema::{AttributeType, Block, NestedBlock, Nesting};

/// Whether an object is what was planned: every known part as planned, every unknown one within what
/// was known about it. `actual` may have unknown parts where the plan has them.
pub fn assert_object_compatible(block: &Block, planned: &Value, actual: &Value) -> Vec<Violation> {
    let mut report = Report::default();
    check_block(block, planned, actual, &mut report);
    report.found
}

fn check_block(block: &Block, planned: &Value, actual: &Value, report: &mut Report) {
    match (planned.is_null(), actual.is_null()) {
        (true, false) => report.add("planned to be absent, but present now"),
        (false, true) => report.add("planned to be present, but absent now"),
        _ => {}
    }
    if planned.is_null() || actual.is_null() {
        return;
    }
    for (name, attribute) in &block.attributes {
        let (planned, actual) = (attr(planned, name), attr(actual, name));
        report.attr(name, |r| {
            let hidden = attribute.sensitive
                || matches!(&attribute.ty, AttributeType::Nested(n) if has_sensitive(n));
            if hidden {
                if !values_compatible(&planned, &actual) {
                    r.add("the sensitive value is not what was planned");
                }
            } else {
                check_value(&planned, &actual, r);
            }
        });
    }
    for (name, nested) in &block.block_types {
        let (planned, actual) = (attr(planned, name), attr(actual, name));
        report.attr(name, |r| check_blocks(nested, &planned, &actual, r));
    }
}

fn has_sensitive(nested: &schema::NestedAttribute) -> bool {
    nested
        .attributes
        .values()
        .any(|a| a.sensitive || matches!(&a.ty, AttributeType::Nested(n) if has_sensitive(n)))
}

fn check_blocks(nested: &NestedBlock, planned: &Value, actual: &Value, report: &mut Report) {
    let block = &nested.block;
    if matches!(nested.nesting, Nesting::Single | Nesting::Group) {
        // A placeholder may turn out to be no block.
        if planned.is_known() || !actual.is_null() {
            check_block(block, planned, actual, report);
        }
        return;
    }
    let (Some(before), Some(after)) = (planned.len(), actual.len()) else {
        return;
    };
    if nested.nesting == Nesting::Set {
        check_set(planned, actual, report, &|planned, actual| {
            assert_object_compatible(block, planned, actual).is_empty()
        });
        return;
    }
    if before != after {
        report.add(format!(
            "{before} blocks were planned, but there are {after} now"
        ));
        return;
    }
    check_elements(planned, actual, report, &|planned, actual, r| {
        check_block(block, planned, actual, r);
    });
}

fn values_compatible(planned: &Value, actual: &Value) -> bool {
    if planned.raw_equals(actual) {
        return true;
    }
    let mut report = Report::default();
    check_value(planned, actual, &mut report);
    report.found.is_empty()
}

fn check_value(planned: &Value, actual: &Value, report: &mut Report) {
    if planned.raw_equals(actual) || (*planned.ty() == Type::Dynamic && !planned.is_known()) {
        return;
    }
    let found = report.found.len();
    mismatches(actual.ty(), planned.ty(), report);
    if report.found.len() > found {
        return;
    }
    if !planned.is_known() {
        if planned.refinement().is_some_and(|r| !allows(r, actual)) {
            report.add(format!(
                "{} is not what the plan said of the unknown value: {}",
                show(actual),
                show(planned)
            ));
        }
        return;
    }
    if planned.is_null() != actual.is_null() {
        report.add(format!(
            "was {}, but is {} now",
            show(planned),
            show(actual)
        ));
        return;
    }
    if planned.is_null() {
        return;
    }
    if !actual.is_known() {
        report.add("was known, but is unknown now");
        return;
    }
    match planned.ty() {
        Type::Object(_) => {
            for name in names(planned) {
                let (planned, actual) = (attr(planned, name), attr(actual, name));
                report.attr(name, |r| check_value(&planned, &actual, r));
            }
        }
        Type::Set(_) => check_set(planned, actual, report, &values_compatible),
        Type::List(_) | Type::Map(_) | Type::Tuple(_) => {
            check_elements(planned, actual, report, &check_value);
        }
        _ => report.add(format!(
            "was {}, but is {} now",
            show(planned),
            show(actual)
        )),
    }
}

/// Checks planned and actual element by index or key.
fn check_elements(
    planned: &Value,
    actual: &Value,
    report: &mut Report,
    check: &dyn Fn(&Value, &Value, &mut Report),
) {
    for (i, (key, element)) in planned.elements().enumerate() {
        let counterpart = counterpart(actual, i, &key);
        report.index(key, |r| match counterpart {
            Some(actual) => check(element, actual, r),
            None => r.add("the planned element is missing now"),
        });
    }
    for (i, (key, _)) in actual.elements().enumerate() {
        if counterpart(planned, i, &key).is_none() {
            report.index(key, |r| r.add("the element was not planned"));
        }
    }
}

/// Each planned element needs an actual one that it could be, and the other way round; there may be
/// fewer in the end, because elements can turn out to be equal.
fn check_set(
    planned: &Value,
    actual: &Value,
    report: &mut Report,
    compatible: &dyn Fn(&Value, &Value) -> bool,
) {
    let (Some(before), Some(after)) = (planned.as_slice(), actual.as_slice()) else {
        return;
    };
    if before.len() < after.len() {
        report.add(format!(
            "{} elements were planned, but there are {} now",
            before.len(),
            after.len()
        ));
    }
    // Most elements are simply there; only what is left is compared each with each.
    let is_in = |set: &Value, element: &Value| {
        element.is_wholly_known()
            && set
                .has_element(element)
                .is_ok_and(|found| found.as_bool() == Some(true))
    };
    let rest = |values: &[Value], other: &Value| -> Vec<Value> {
        let rest = values.iter().filter(|v| !is_in(other, v));
        rest.cloned().collect()
    };
    let lost: Vec<Value> = rest(before, actual)
        .into_iter()
        .filter(|b| !after.iter().any(|a| compatible(b, a)))
        .collect();
    for element in &lost {
        report.add(format!(
            "no element is what was planned as {}",
            show(element)
        ));
    }
    if lost.is_empty() {
        for element in rest(after, planned) {
            if !before.iter().any(|b| compatible(b, &element)) {
                report.add(format!("the element {} was not planned", show(&element)));
            }
        }
    }
}

/// Whether a value, itself possibly unknown, can be what the refinement says.
fn allows(refinement: &Refinement, value: &Value) -> bool {
    if value.is_null() {
        return !refinement.not_null;
    }
    if let Some(text) = value.as_str() {
        return text.starts_with(&*refinement.prefix);
    }
    if let Some(number) = value.as_number() {
        return refinement.includes_number(number);
    }
    match value.len() {
        Some(len) if value.ty().is_collection() => {
            let most = len as u64;
            let merged = matches!(value.ty(), Type::Set(_)) && !value.is_wholly_known();
            let least = if merged { most.min(1) } else { most };
            most >= refinement.min_len && refinement.max_len.is_none_or(|max| least <= max)
        }
        _ => true,
    }
}
