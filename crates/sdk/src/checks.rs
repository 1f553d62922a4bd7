//! Checking a configuration against the rules of a block.

use crate::spec::zero_value;
use crate::{AttrSpec, BlockSpec, Rule, Spec, error::steps};
use cty::{Path, Value};
use diags::{Diagnostic, Diagnostics};

/// Problems of a block, with the paths of the attributes to blame.
#[derive(Debug, Default)]
pub struct Problems(Diagnostics);

impl Problems {
    /// Blames an attribute or nested block of the block itself.
    pub fn error(
        &mut self,
        attribute: &str,
        summary: impl Into<String>,
        detail: impl Into<String>,
    ) {
        self.error_at(&Path::root().attr(attribute), summary, detail);
    }

    /// Blames the part at a path.
    pub fn error_at(&mut self, path: &Path, summary: impl Into<String>, detail: impl Into<String>) {
        self.0
            .push(Diagnostic::error(summary, detail).at_attribute(steps(path)));
    }

    /// Warns about an attribute or nested block of the block itself.
    pub fn warn(&mut self, attribute: &str, summary: impl Into<String>, detail: impl Into<String>) {
        let at = steps(&Path::root().attr(attribute));
        self.0
            .push(Diagnostic::warning(summary, detail).at_attribute(at));
    }

    /// All of them.
    pub fn into_diagnostics(self) -> Diagnostics {
        self.0
    }
}

/// Checks a configuration.
pub(crate) fn check(spec: &Spec, config: &Value, problems: &mut Problems) {
    check_block(spec, config, &Path::root(), problems);
}

fn check_block(spec: &Spec, config: &Value, at: &Path, problems: &mut Problems) {
    if config.is_null() || !config.is_known() {
        return;
    }
    for (name, spec) in &spec.attributes {
        if let Some(value) = config.get(name) {
            check_attribute(name, spec, value, &at.clone().attr(name.clone()), problems);
        }
    }
    for (name, spec) in &spec.blocks {
        if let Some(value) = config.get(name) {
            check_blocks(name, spec, value, &at.clone().attr(name.clone()), problems);
        }
    }
    for rule in &spec.rules {
        check_rule(rule, config, at, problems);
    }
}

fn check_attribute(name: &str, spec: &AttrSpec, value: &Value, at: &Path, problems: &mut Problems) {
    if value.is_null() {
        return;
    }
    let settable = spec.required || spec.optional;
    if !settable {
        let detail = format!(
            "The value of {name:?} is decided by the provider; it cannot be set. Remove it."
        );
        problems.error_at(at, "Value for unconfigurable attribute", detail);
    } else if spec.unbuilt {
        // Off is what is built.
        if !(value.is_wholly_known() && value.raw_equals(&zero_value(&spec.ty))) {
            unbuilt(name, at, problems);
        }
    } else if value.is_wholly_known() {
        for check in &spec.checks {
            if let Err(expected) = check(value) {
                problems.error_at(at, format!("Invalid value for {name}"), expected);
                break;
            }
        }
    }
}

fn check_blocks(name: &str, spec: &BlockSpec, value: &Value, at: &Path, problems: &mut Problems) {
    if value.is_null() || !value.is_known() {
        return;
    }
    if let Some(elements) = value
        .as_slice()
        .filter(|_| value.ty().as_object().is_none())
    {
        if spec.unbuilt && !elements.is_empty() {
            unbuilt(name, at, problems);
            return;
        }
        let is_set = value.ty().is_collection() && matches!(value.ty(), cty::Type::Set(_));
        for (index, element) in elements.iter().enumerate() {
            let key = if is_set {
                element.clone()
            } else {
                Value::number(index as u64)
            };
            check_block(&spec.spec, element, &at.clone().index(key), problems);
        }
    } else if let Some(entries) = value.as_map() {
        for (key, element) in entries {
            let at = at.clone().index(Value::string(key.clone()));
            check_block(&spec.spec, element, &at, problems);
        }
    } else if spec.unbuilt {
        unbuilt(name, at, problems);
    } else {
        check_block(&spec.spec, value, at, problems);
    }
}

fn unbuilt(name: &str, at: &Path, problems: &mut Problems) {
    let detail = format!(
        "This provider does not carry out {name:?} yet, so it refuses it instead of ignoring it. Remove it, or manage this \
         resource with the provider of HashiCorp."
    );
    problems.error_at(at, "Unsupported argument", detail);
}

/// Whether something is given: `None` while that is unknown.
fn is_given(config: &Value, name: &str) -> Option<bool> {
    let value = config.get(name)?;
    if !value.is_known() {
        None
    } else if value.is_null() {
        Some(false)
    } else if matches!(value.ty(), cty::Type::List(e) | cty::Type::Set(e) if e.as_object().is_some())
    {
        Some(!value.is_empty())
    } else {
        Some(true)
    }
}

fn check_rule(rule: &Rule, config: &Value, at: &Path, problems: &mut Problems) {
    let given = |name: &str| is_given(config, name);
    let names = |names: &[&str]| names.join(", ");
    let path = |name: &str| at.clone().attr(name);
    match rule {
        Rule::Conflicts(name, others) if given(name) == Some(true) => {
            for other in others.iter().filter(|other| given(other) == Some(true)) {
                let detail =
                    format!("{name:?} and {other:?} exclude each other. Remove one of them.");
                problems.error_at(&path(name), "Conflicting configuration arguments", detail);
            }
        }
        Rule::RequiredWith(name, others) if given(name) == Some(true) => {
            for other in others.iter().filter(|other| given(other) == Some(false)) {
                let detail = format!(
                    "{name:?} works only together with {other:?}. Add it, or remove {name:?}."
                );
                problems.error_at(&path(name), "Missing required argument", detail);
            }
        }
        Rule::ExactlyOneOf(all) => {
            let count = |what| all.iter().filter(|name| given(name) == what).count();
            let (set, open) = (count(Some(true)), count(None));
            if set > 1 {
                let detail = format!("Only one of {} may be given; {set} are.", names(all));
                problems.error_at(at, "Invalid combination of arguments", detail);
            } else if set == 0 && open == 0 {
                let detail = format!("One of {} must be given; none is.", names(all));
                problems.error_at(at, "Invalid combination of arguments", detail);
            }
        }
        Rule::AtLeastOneOf(all) if all.iter().all(|name| given(name) == Some(false)) => {
            let detail = format!("At least one of {} must be given; none is.", names(all));
            problems.error_at(at, "Missing required argument", detail);
        }
        _ => {}
    }
}
