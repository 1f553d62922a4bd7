//! Problems that a run expects.

use super::stand_ins;
use addrs::{InstanceKey, Mode, Resource};
use configs::{Config, Module, TestFile};
use diags::{Diagnostic, Diagnostics, Severity, SourceRange};
use hcl::{Expr, Traversal, TraversalStep};
use std::fmt;
use std::sync::Arc;

/// Something with conditions, in the root of the module under test.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Checked {
    Variable(Arc<str>),
    Output(Arc<str>),
    Check(Arc<str>),
    /// A check block of another module, which no run can expect to fail.
    CheckElsewhere,
    Resource(Resource, Option<InstanceKey>),
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "var.{name}"),
            Self::Output(name) => write!(f, "output.{name}"),
            Self::Check(name) => write!(f, "check.{name}"),
            Self::CheckElsewhere => f.write_str("a check block"),
            Self::Resource(resource, None) => write!(f, "{resource}"),
            Self::Resource(resource, Some(key)) => write!(f, "{resource}{key}"),
        }
    }
}

impl Checked {
    /// Whether a failure of `found` is one of this.
    fn covers(&self, found: &Self) -> bool {
        match (self, found) {
            (Self::Resource(a, None), Self::Resource(b, _)) => a == b,
            (a, b) => a == b,
        }
    }
}

/// What a run expects to fail.
#[derive(Clone, Debug, Default)]
pub(super) struct Expected(Vec<(Checked, SourceRange)>);

impl Expected {
    /// Understands `expect_failures`.
    pub(super) fn parse(exprs: &[Expr]) -> (Self, Diagnostics) {
        let mut all = Vec::new();
        let mut diags = Diagnostics::new();
        for expr in exprs {
            let Some(traversal) = expr.as_traversal() else {
                continue;
            };
            match checked(traversal) {
                Ok((subject, range)) => all.push((subject, range)),
                Err(problem) => diags.push(*problem),
            }
        }
        (Self(all), diags)
    }

    /// Takes what is expected out of the problems, and adds what was expected and is not there. Failed
    /// checks, which are warnings elsewhere, are errors.
    pub(super) fn judge(&self, config: &Config, problems: Diagnostics) -> Diagnostics {
        let mut seen = vec![false; self.0.len()];
        let mut diags = Diagnostics::new();
        for mut diagnostic in problems {
            let Some(found) = subject_of(&diagnostic, config) else {
                diags.push(diagnostic);
                continue;
            };
            let is_check = matches!(found, Checked::Check(_) | Checked::CheckElsewhere);
            if !is_check && !diagnostic.is_error() {
                diags.push(diagnostic);
                continue;
            }
            match self.position(&found) {
                Some(i) => seen[i] = true,
                None => {
                    diagnostic.severity = Severity::Error;
                    diags.push(diagnostic);
                }
            }
        }
        for ((subject, range), seen) in self.0.iter().zip(seen) {
            if !seen {
                diags.push(
                    Diagnostic::error(
                        "Missing expected failure",
                        format!("No condition of {subject} has failed, though that is expected."),
                    )
                    .at(range.clone()),
                );
            }
        }
        diags
    }

    /// The same for the plan of a run that is to apply: what fails already ends it, expected or not. What
    /// checks say is left to the apply.
    pub(super) fn explain(&self, config: &Config, problems: Diagnostics) -> Diagnostics {
        let mut diags = Diagnostics::new();
        for diagnostic in problems {
            let found = subject_of(&diagnostic, config);
            match found {
                Some(Checked::Check(_) | Checked::CheckElsewhere) => continue,
                Some(found) if diagnostic.is_error() => {
                    if let Some(i) = self.position(&found) {
                        diags.push(early(&self.0[i].0, &self.0[i].1));
                    }
                }
                _ => {}
            }
            diags.push(diagnostic);
        }
        diags
    }

    fn position(&self, found: &Checked) -> Option<usize> {
        self.0.iter().position(|(subject, _)| subject.covers(found))
    }
}

/// Checks what can be told of test files without running them.
pub(crate) fn check(config: &Config, files: &[TestFile]) -> Diagnostics {
    let mut diags = Diagnostics::new();
    for file in files {
        diags.append(stand_ins::check(&file.overrides, config));
        for run in &file.runs {
            let under_test = run.module.as_ref().and_then(|m| m.config.as_deref());
            diags.append(Expected::parse(&run.expect_failures).1);
            diags.append(stand_ins::check(
                &run.overrides,
                under_test.unwrap_or(config),
            ));
        }
    }
    diags
}

fn early(subject: &Checked, range: &SourceRange) -> Diagnostic {
    let warning = Diagnostic::warning(
        "Expected failure while planning",
        format!(
            "A condition of {subject} has failed, as expected, but while planning: nothing could be applied, so the run counts as failed. \
             The problem itself follows."
        ),
    );
    match subject {
        Checked::Resource(..) => warning,
        _ => warning.at(range.clone()),
    }
}

/// What a reference in `expect_failures` names.
fn checked(traversal: &Traversal) -> Result<(Checked, SourceRange), Box<Diagnostic>> {
    let name = |at: usize| match traversal.steps.get(at) {
        Some(TraversalStep::Attr { name, .. }) => Some(name.clone()),
        _ => None,
    };
    let range = |steps: usize| match steps.checked_sub(1).map(|i| &traversal.steps[i]) {
        Some(step) => traversal.root_range.to(step.range()),
        None => traversal.root_range.clone(),
    };
    match (&*traversal.root, name(0)) {
        ("check", Some(name)) => return Ok((Checked::Check(name), range(1))),
        ("output", Some(name)) => return Ok((Checked::Output(name), range(1))),
        ("var", Some(name)) => return Ok((Checked::Variable(name), range(1))),
        _ => {}
    }
    let reference = addrs::Reference::parse(traversal)?;
    match reference.subject {
        addrs::Referenceable::Resource { resource, index } if resource.mode != Mode::Ephemeral => {
            let key = index.and_then(|i| instance_key(&traversal.steps[i]));
            Ok((Checked::Resource(resource, key), reference.range))
        }
        _ => Err(Box::new(
            Diagnostic::error(
                "Invalid `expect_failures` reference",
                "Only variables, outputs, check blocks, resources and data sources have conditions that can be expected to fail.",
            )
            .at(reference.range),
        )),
    }
}

fn instance_key(step: &TraversalStep) -> Option<InstanceKey> {
    let TraversalStep::Index { key, .. } = step else {
        return None;
    };
    let value = key.as_literal()?;
    match (value.as_str(), value.as_number()) {
        (Some(text), _) => Some(InstanceKey::Str(text.clone())),
        (_, Some(number)) => number.to_string().parse().ok().map(InstanceKey::Int),
        _ => None,
    }
}

/// Whose condition a problem is about.
fn subject_of(diagnostic: &Diagnostic, config: &Config) -> Option<Checked> {
    let module = &config.module;
    let instance = diagnostic.address.as_deref();
    let instance = instance.and_then(|a| addrs::parse_resource_instance(a).ok());
    // The data source of a check block could not be read.
    if let Some(instance) = &instance
        && !diagnostic.is_error()
        && let Some(inside) = config.descendant(&instance.module.module())
        && let Some(check) = check_of(&inside.module, &instance.resource)
    {
        return Some(match instance.module.is_root() {
            true => Checked::Check(check),
            false => Checked::CheckElsewhere,
        });
    }
    let rule = diagnostic.rule.as_ref()?;
    let among = |rules: &[configs::CheckRule]| rules.iter().any(|r| r.condition.range == *rule);
    if let Some(check) = module.checks.values().find(|c| among(&c.asserts)) {
        return Some(Checked::Check(check.name.clone()));
    }
    if let Some(output) = module.outputs.values().find(|o| among(&o.preconditions)) {
        return Some(Checked::Output(output.name.clone()));
    }
    let mut variables = module.variables.values();
    if let Some(variable) = variables.find(|v| among(&v.validations)) {
        return Some(Checked::Variable(variable.name.clone()));
    }
    let of_resource = |r: &&configs::Resource| {
        among(&r.lifecycle.preconditions) || among(&r.lifecycle.postconditions)
    };
    if let Some(resource) = module.resources.values().find(of_resource) {
        let key = instance.map(|i| i.key).filter(|k| *k != InstanceKey::None);
        return Some(Checked::Resource(resource.addr.clone(), key));
    }
    // Only what check blocks find is a warning.
    (!diagnostic.is_error()).then_some(Checked::CheckElsewhere)
}

/// The check block that a data source stands in.
fn check_of(module: &Module, resource: &Resource) -> Option<Arc<str>> {
    module.resources.get(resource)?.check.clone()
}
