//! What expressions in test files can refer to.

use cty::Value;
use diags::{Diagnostic, Diagnostics};
use hcl::{Env, Functions, Resolved, Scope, Traversal, TraversalStep};
use lang::{Evaluator, InstId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The runs of a file, as far as a run can see them.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    /// The outputs of runs that have ended.
    pub(super) ended: BTreeMap<Arc<str>, EndedRun>,
    /// The names of all runs of the file.
    pub(super) names: Vec<Arc<str>>,
}

/// What later runs see of a run.
#[derive(Clone, Debug)]
pub(super) struct EndedRun {
    /// The outputs as an object.
    pub(super) outputs: Value,
    /// Whether it only planned.
    pub(super) only_planned: bool,
}

impl Runs {
    /// The outputs that a `run.NAME` refers to.
    /// `words` are what runs are called that were not run yet, and that there are none of.
    fn resolve(&self, traversal: &Traversal, words: [&str; 2]) -> Result<Resolved, Diagnostics> {
        let Some(name) = attr(traversal, 0) else {
            return Err(Diagnostic::error(
                "Invalid reference",
                "\"run\" cannot be used by itself: a dot and the name of a run must follow, run.NAME.",
            )
            .at(traversal.root_range.clone())
            .into());
        };
        let range = traversal.root_range.to(traversal.steps[0].range());
        let Some(run) = self.ended.get(name) else {
            let (summary, detail) = match self.names.contains(name) {
                true => (words[0], "was not run yet"),
                false => (words[1], "is not in this file"),
            };
            return Err(Diagnostic::error(
                format!("Reference to {summary} run block"),
                format!("The run {:?} {detail}. Only runs that stand above in the same file can be referred to.", &**name),
            )
            .at(range)
            .into());
        };
        let output = attr(traversal, 1).and_then(|name| Some((name, run.outputs.get(name)?)));
        if let Some((output, value)) = output
            && run.only_planned
            && !value.clone().unmark_all().is_wholly_known()
        {
            return Err(Diagnostic::error(
                "Reference to unknown value",
                format!(
                    "run.{name}.{output} is not known: the run {:?} only plans (command = plan), and the value is known after an apply only.",
                    &**name
                ),
            )
            .at(whole(traversal))
            .into());
        }
        Ok(Resolved {
            value: run.outputs.clone(),
            consumed: 1,
        })
    }
}

/// Where a traversal stands.
fn whole(traversal: &Traversal) -> diags::SourceRange {
    match traversal.steps.last() {
        Some(step) => traversal.root_range.to(step.range()),
        None => traversal.root_range.clone(),
    }
}

/// The attribute step at a position.
fn attr(traversal: &Traversal, position: usize) -> Option<&Arc<str>> {
    match traversal.steps.get(position) {
        Some(TraversalStep::Attr { name, .. }) => Some(name),
        _ => None,
    }
}

/// What values of variables can refer to: variables of the file or given from outside, and earlier runs.
pub(super) struct ValueScope<'a> {
    /// The variables that there are; `None` = such a variable could not be evaluated, which was reported.
    pub(super) variables: &'a dyn Fn(&str) -> Option<Option<Value>>,
    /// The runs, where they can be referred to.
    pub(super) runs: Option<&'a Runs>,
    /// What can be called.
    pub(super) functions: &'a dyn Functions,
    /// What is said of any other reference.
    pub(super) allowed: &'static str,
}

impl Scope for ValueScope<'_> {
    fn resolve(&self, traversal: &Traversal, _: &Env<'_>) -> Result<Resolved, Diagnostics> {
        match (&*traversal.root, attr(traversal, 0), self.runs) {
            ("var", Some(name), _) => match (self.variables)(name) {
                Some(Some(value)) => Ok(Resolved { value, consumed: 1 }),
                Some(None) => Ok(Resolved {
                    value: Value::dynamic(),
                    consumed: 1,
                }),
                None => Err(Diagnostic::error(
                    "Reference to unavailable variable",
                    format!(
                        "There is no variable {:?} here: only those of the test file's variables block and those given from outside can be \
                         referred to.",
                        &**name
                    ),
                )
                .at(traversal.root_range.to(traversal.steps[0].range()))
                .into()),
            },
            ("run", _, Some(runs)) => runs.resolve(traversal, ["unavailable", "unknown"]),
            _ => Err(Diagnostic::error("Invalid reference", self.allowed)
                .at(whole(traversal))
                .into()),
        }
    }

    fn functions(&self) -> &dyn Functions {
        self.functions
    }
}

/// What assertions see: the module under test from inside, its outputs, and earlier runs.
pub(super) struct AssertScope<'a, 'c> {
    /// The module.
    pub(super) module: &'a dyn Scope,
    /// Who computes its outputs.
    pub(super) evaluator: &'a Evaluator<'c>,
    /// The runs.
    pub(super) runs: &'a Runs,
    /// Variables that the module does not declare.
    pub(super) variables: &'a BTreeMap<Arc<str>, Value>,
}

impl Scope for AssertScope<'_, '_> {
    fn resolve(&self, traversal: &Traversal, env: &Env<'_>) -> Result<Resolved, Diagnostics> {
        let root = self.evaluator.inst(InstId(0));
        let module = self.evaluator.program.module(root.def).module;
        match (&*traversal.root, attr(traversal, 0)) {
            ("run", _) => self.runs.resolve(traversal, ["unevaluated", "undeclared"]),
            ("check", Some(_)) => Err(Diagnostic::error(
                "Reference to \"check\" in invalid context",
                "A check block has no value: only expect_failures can refer to it.",
            )
            .at(traversal.root_range.to(traversal.steps[0].range()))
            .into()),
            ("var", Some(name)) if !module.variables.contains_key(name) => {
                match self.variables.get(name) {
                    Some(value) => Ok(Resolved {
                        value: value.clone(),
                        consumed: 1,
                    }),
                    None => self.module.resolve(traversal, env),
                }
            }
            ("output", Some(name)) => {
                let Some(index) = module.outputs.get_index_of(name) else {
                    let near = hcl::suggestion(name, module.outputs.keys().map(|k| &**k));
                    let hint = near.map_or_else(String::new, |n| format!(" Did you mean {n:?}?"));
                    return Err(Diagnostic::error(
                        "Reference to undeclared output value",
                        format!("The module under test has no output {:?}.{hint}", &**name),
                    )
                    .at(traversal.root_range.to(traversal.steps[0].range()))
                    .into());
                };
                match self.evaluator.output(&root, index as u32).value {
                    Some(value) => Ok(Resolved { value, consumed: 1 }),
                    None => Err(Diagnostics::new()),
                }
            }
            _ => self.module.resolve(traversal, env),
        }
    }

    fn functions(&self) -> &dyn Functions {
        self.module.functions()
    }
}
