//! One test file: its runs in order, and then what they made is destroyed.

use super::cleanup;
use super::execute::{self, Done, Task};
use super::expected::Expected;
use super::inputs::{FileInputs, Globals, RunInputs, of_run};
use super::providers;
use super::scope::Runs;
use super::stand_ins::{self, StandIns};
use super::watch::RunWatch;
use super::{Status, Suite};
use crate::operation::{Prepared, in_round_with};
use crate::variables::Inputs;
use configs::{Config, TestFile, TestRun};
use diags::Diagnostics;
use indexmap::IndexMap;
use states::State;
use std::sync::Arc;

/// Runs a file.
pub(super) struct FileRunner<'s> {
    pub(super) suite: &'s Suite<'s>,
    pub(super) file: &'s TestFile,
    globals: Globals,
}

/// A state, and what it takes to destroy what is in it.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) state: State,
    /// What the last run to apply was.
    pub(super) last: Option<Last>,
}

/// The run that was the last to apply.
#[derive(Debug)]
pub(super) struct Last {
    pub(super) run: Arc<str>,
    pub(super) config: Config,
    pub(super) inputs: Inputs,
    pub(super) stand_ins: StandIns,
}

/// The states of a file, in the order in which they were last worked on.
pub(super) type States = IndexMap<Arc<str>, Kept>;

impl<'s> FileRunner<'s> {
    pub(super) const fn new(suite: &'s Suite<'s>, file: &'s TestFile, globals: Globals) -> Self {
        Self {
            suite,
            file,
            globals,
        }
    }

    /// Runs the file: how it ended, and how each run did.
    pub(super) fn run(self) -> (Status, Vec<Status>) {
        let reporter = &self.suite.reporter;
        let name = &*self.file.name;
        reporter.file_starts(name);
        let functions = functions(self.suite);
        let inputs = FileInputs::new(self.file, self.globals, &functions);
        let mut runs = Runs {
            names: self.file.runs.iter().map(|r| r.name.clone()).collect(),
            ..Runs::default()
        };
        let mut states = States::new();
        let (mut status, mut all) = (Status::Pass, Vec::new());
        for run in &self.file.runs {
            if status == Status::Error || self.suite.stopped.get() {
                reporter.run_ends(name, &run.name, Status::Skip);
                all.push(Status::Skip);
                continue;
            }
            reporter.run_starts(name, &run.name);
            let done = one(self.suite, self.file, run, &inputs, &runs, &mut states);
            if let Some(ended) = done.ended {
                runs.ended.insert(run.name.clone(), ended);
            }
            status = status.max(done.status);
            all.push(done.status);
            reporter.run_ends(name, &run.name, done.status);
            if let Some(shown) = &done.shown {
                reporter.shown(name, &run.name, shown);
            }
            reporter.diagnostics(Some(name), Some(&run.name), &done.diags);
        }
        reporter.file_tears_down(name);
        let left = cleanup::destroy(self.suite, self.file, states);
        if left {
            status = Status::Error;
        }
        reporter.file_ends(name, status);
        let unknown = stand_ins::check(&self.file.overrides, self.suite.config);
        reporter.diagnostics(Some(name), None, &unknown);
        (status, all)
    }
}

/// Executes one run.
fn one(
    suite: &Suite<'_>,
    file: &TestFile,
    run: &TestRun,
    inputs: &FileInputs<'_>,
    runs: &Runs,
    states: &mut States,
) -> Done {
    let config = run.module.as_ref().and_then(|m| m.config.as_deref());
    let config = config.unwrap_or(suite.config);
    let prepared = prepare(file, run, config, inputs, runs);
    let (config, stand_ins, RunInputs { inputs, others }, expected, mut diags) = match prepared {
        Ok(prepared) => prepared,
        Err(problems) => return Done::error(problems),
    };
    let key = state_key(run);
    let state = states
        .get(&key)
        .map(|k| k.state.clone())
        .unwrap_or_default();
    let prepared = Prepared { config, inputs };
    let task = Task {
        suite,
        run,
        expected,
        state: state.clone(),
        runs,
        variables: &others,
    };
    let options = match execute::options(suite, run) {
        Ok(options) => options,
        Err(problems) => {
            diags.append(problems);
            return Done::error(diags);
        }
    };
    let watch = RunWatch::new(&suite.reporter, &file.name, &run.name);
    let result = in_round_with(
        suite.workdir,
        &prepared,
        Some(&state),
        options,
        (&watch, Some(&stand_ins)),
        async |round| {
            let done = execute::execute(round, task).await;
            suite.stopped.set(round.stopping.get());
            Ok(done)
        },
    );
    let mut done = result.unwrap_or_else(Done::error);
    diags.append(std::mem::take(&mut done.diags));
    done.diags = diags;
    if let Some(state) = done.state.take() {
        states.shift_remove(&key);
        let last = Some(Last {
            run: run.name.clone(),
            config: prepared.config,
            inputs: prepared.inputs,
            stand_ins,
        });
        states.insert(key, Kept { state, last });
    }
    done
}

type Ready = (Config, StandIns, RunInputs, Expected, Diagnostics);

/// Makes everything that a run needs; the diagnostics are warnings.
fn prepare(
    file: &TestFile,
    run: &TestRun,
    config: &Config,
    inputs: &FileInputs<'_>,
    runs: &Runs,
) -> Result<Ready, Diagnostics> {
    let (expected, mut diags) = Expected::parse(&run.expect_failures);
    diags.append(super::asserts::check_references(&run.asserts));
    if diags.has_errors() {
        return Err(diags);
    }
    diags.append(stand_ins::check(&run.overrides, config));
    let (config, stand_ins, problems) = providers::transform(config, file, run, inputs, runs);
    diags.append(problems);
    if diags.has_errors() {
        return Err(diags);
    }
    let (values, problems) = of_run(inputs, run, &config, runs);
    diags.append(problems);
    if diags.has_errors() {
        return Err(diags);
    }
    Ok((config, stand_ins, values, expected, diags))
}

/// Which state a run works on: that of its module, unless it names another one.
fn state_key(run: &TestRun) -> Arc<str> {
    match (&run.state_key, &run.module) {
        (Some(key), _) => key.clone(),
        (None, Some(module)) => module.call.source.clone(),
        (None, None) => "".into(),
    }
}

/// What expressions in test files can call.
fn functions(suite: &Suite<'_>) -> funcs::Table {
    let cwd = suite.workdir.cwd();
    funcs::Table::new(funcs::Options {
        base_dir: cwd.clone(),
        cwd,
        home: suite.workdir.env.home(),
        plan_time: Some(crate::operation::now().timestamp()),
        impure: None,
        console: false,
    })
}
