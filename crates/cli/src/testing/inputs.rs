//! Values of variables: of a run, of its file, given from outside, in that order.

use super::scope::{Runs, ValueScope};
use super::suite::Suite;
use crate::variables::{Given, Inputs, gather};
use configs::{Config, Module, TestFile, TestRun, Variable};
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use hcl::{Env, Expr, Functions, TraversalStep};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// Values given from outside: the environment, files, the command line.
#[derive(Debug, Default)]
pub(super) struct Globals {
    inputs: Inputs,
    diags: Diagnostics,
}

impl Globals {
    /// Gathers what may be of use to a file.
    pub(super) fn gather(suite: &Suite<'_>, file: &TestFile) -> Self {
        let module = declared(suite, file);
        let (env, ui) = (&suite.workdir.env, &suite.workdir.ui);
        let undeclared = |d: &Diagnostic| d.summary == "Value for undeclared variable";
        let (mut inputs, problems) = gather(&module, Path::new("."), env, &suite.options.given, ui);
        let mut diags: Diagnostics = problems.into_iter().filter(|d| !undeclared(d)).collect();
        if Path::new(&*file.name).parent() == Some(&suite.options.test_dir) {
            let env = crate::environment::Environment::default();
            let (more, problems) = gather(&module, &suite.options.test_dir, &env, &[], ui);
            diags.append(problems.into_iter().filter(|d| !undeclared(d)));
            inputs.values.extend(more.values);
            inputs.given_at.extend(more.given_at);
        }
        Self { inputs, diags }
    }
}

impl Globals {
    /// Fails if what values come from cannot be understood at all. A value that makes no sense by itself is
    /// a matter of the run that needs it.
    pub(super) fn check_sources(&self) -> Result<(), Diagnostics> {
        let of_value = |d: &&Diagnostic| {
            let subject = d.subject.as_ref();
            subject.is_some_and(|range| range.file.starts_with("<value for "))
        };
        match self.diags.iter().any(|d| d.is_error() && !of_value(&d)) {
            true => Err(self.diags.clone()),
            false => Ok(()),
        }
    }
}

/// A module that declares every variable that a file may have a use for.
fn declared(suite: &Suite<'_>, file: &TestFile) -> Module {
    let mut module = Module::default();
    let under_test = file
        .runs
        .iter()
        .filter_map(|r| r.module.as_ref()?.config.as_ref());
    let modules = std::iter::once(suite.config).chain(under_test.map(|c| &**c));
    for config in modules {
        for (name, variable) in &config.module.variables {
            let entry = module.variables.entry(name.clone());
            entry.or_insert_with(|| variable.clone());
        }
    }
    let mut names = referenced(file.variables.values().map(|a| &a.expr));
    for run in &file.runs {
        names.extend(referenced(run.variables.values().map(|a| &a.expr)));
        names.extend(referenced(rules(run)));
    }
    for given in &suite.options.given {
        if let Given::Var(text) = given {
            names.extend(text.split_once('=').map(|(name, _)| name.trim().into()));
        }
    }
    for provider in file.providers.values() {
        let exprs = super::providers::expressions(&provider.body);
        names.extend(referenced(exprs.iter()));
    }
    for name in names {
        let entry = module.variables.entry(name.clone());
        entry.or_insert_with(|| Variable::undeclared(name));
    }
    module
}

/// The expressions of a run's assertions.
fn rules(run: &TestRun) -> impl Iterator<Item = &Expr> {
    let asserts = run.asserts.iter();
    asserts.flat_map(|rule| [&rule.condition, &rule.error_message])
}

/// The variables that expressions refer to.
fn referenced<'e>(exprs: impl IntoIterator<Item = &'e Expr>) -> BTreeSet<Arc<str>> {
    let traversals = exprs.into_iter().flat_map(|expr| expr.traversals());
    traversals
        .filter(|t| &*t.root == "var")
        .filter_map(|t| match t.steps.first() {
            Some(TraversalStep::Attr { name, .. }) => Some(name.clone()),
            _ => None,
        })
        .collect()
}

/// The variables of a file, and what was given from outside; each evaluated when first asked for.
pub(super) struct FileInputs<'a> {
    file: &'a TestFile,
    globals: Globals,
    functions: &'a dyn Functions,
    values: RefCell<BTreeMap<Arc<str>, Option<Value>>>,
    diags: RefCell<Diagnostics>,
}

impl<'a> FileInputs<'a> {
    pub(super) fn new(file: &'a TestFile, globals: Globals, functions: &'a dyn Functions) -> Self {
        let diags = RefCell::new(globals.diags.clone());
        Self {
            file,
            globals,
            functions,
            values: RefCell::default(),
            diags,
        }
    }

    /// A variable of the file or given from outside; `Some(None)` = it could not be evaluated.
    fn variable(&self, name: &str) -> Option<Option<Value>> {
        let Some(attribute) = self.file.variables.get(name) else {
            return self.globals.inputs.values.get(name).cloned().map(Some);
        };
        if let Some(known) = self.values.borrow().get(name) {
            return Some(known.clone());
        }
        let given = |name: &str| self.globals.inputs.values.get(name).cloned().map(Some);
        let scope = ValueScope {
            variables: &given,
            runs: None,
            functions: self.functions,
            allowed: "The variables of a test file can refer only to variables that are given from outside the file.",
        };
        let value = match attribute.expr.evaluate(&Env::new(&scope)) {
            Ok(value) => Some(value),
            Err(problems) => {
                self.diags.borrow_mut().append(problems);
                None
            }
        };
        let mut values = self.values.borrow_mut();
        values.insert(attribute.name.clone(), value.clone());
        Some(value)
    }

    /// Evaluates an expression that can refer to these variables and to earlier runs.
    pub(super) fn evaluate(
        &self,
        expr: &Expr,
        runs: &Runs,
        allowed: &'static str,
    ) -> Result<Value, Diagnostics> {
        let variables = |name: &str| self.variable(name);
        let scope = ValueScope {
            variables: &variables,
            runs: Some(runs),
            functions: self.functions,
            allowed,
        };
        expr.evaluate(&Env::new(&scope))
    }

    /// Problems of the file's own variables and of what was given from outside, since last asked.
    pub(super) fn take_diagnostics(&self) -> Diagnostics {
        std::mem::take(&mut self.diags.borrow_mut())
    }
}

/// The values for a run: those of the variables that its module declares, and those that only its
/// assertions refer to.
#[derive(Debug, Default)]
pub(super) struct RunInputs {
    pub(super) inputs: Inputs,
    pub(super) others: BTreeMap<Arc<str>, Value>,
}

/// Gathers the values for a run.
pub(super) fn of_run(
    file: &FileInputs<'_>,
    run: &TestRun,
    config: &Config,
    runs: &Runs,
) -> (RunInputs, Diagnostics) {
    let mut out = RunInputs::default();
    let mut diags = Diagnostics::new();
    let declared = &config.module.variables;
    for (name, attribute) in &run.variables {
        let range = &attribute.expr.range;
        let allowed = "The variables of a run can refer only to earlier runs, to variables of the test file and to those given from \
                       outside.";
        match file.evaluate(&attribute.expr, runs, allowed) {
            Ok(value) if declared.contains_key(name) => {
                out.inputs.values.insert(name.clone(), value);
                out.inputs.given_at.insert(name.clone(), range.clone());
            }
            Ok(value) => drop(out.others.insert(name.clone(), value)),
            Err(problems) => diags.append(problems),
        }
        if !declared.contains_key(name) {
            diags.push(
                Diagnostic::warning(
                    "Value for undeclared variable",
                    format!(
                        "The run {:?} sets the variable {:?}, which the module under test does not declare.",
                        &*run.name, &**name
                    ),
                )
                .at(range.clone()),
            );
        }
    }
    let names: BTreeSet<Arc<str>> = referenced(rules(run))
        .into_iter()
        .chain(declared.keys().cloned())
        .filter(|name| !run.variables.contains_key(name))
        .collect();
    for name in names {
        let value = file.variable(&name);
        match (value, declared.get(&name)) {
            (Some(Some(value)), Some(_)) => {
                let at = match file.file.variables.get(&name) {
                    Some(attribute) => Some(attribute.expr.range.clone()),
                    None => file.globals.inputs.given_at.get(&name).cloned(),
                };
                out.inputs.given_at.extend(at.map(|at| (name.clone(), at)));
                out.inputs.values.insert(name, value);
            }
            (Some(Some(value)), None) => drop(out.others.insert(name, value)),
            (None, Some(variable)) if variable.default.is_none() => diags.push(
                Diagnostic::error(
                    "No value for required variable",
                    format!(
                        "The module under test of the run {:?} requires a value for its variable {name:?}. Give one in a variables block of \
                         the run or of the test file, or with -var or -var-file.",
                        &*run.name
                    ),
                )
                .at(variable.range.clone()),
            ),
            _ => {}
        }
    }
    let mut all = file.take_diagnostics();
    all.append(diags);
    (out, all)
}
