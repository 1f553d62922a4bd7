//! One run: planned, applied, looked at.

use super::asserts;
use super::expected::Expected;
use super::scope::{EndedRun, Runs};
use super::{Status, Suite};
use crate::objects::{self, Objects};
use crate::views;
use addrs::Target;
use configs::{TestCommand, TestRun};
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use engine::{NoJournal, PlanOptions, PriorState, Round};
use hcl::Expr;
use lang::{Evaluator, InstId, Mode};
use plans::Plan;
use serde_json::Value as Json;
use states::{State, StateFile};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a run works with.
pub(super) struct Task<'a> {
    pub(super) suite: &'a Suite<'a>,
    pub(super) run: &'a TestRun,
    pub(super) expected: Expected,
    pub(super) state: State,
    pub(super) runs: &'a Runs,
    /// Variables that the module does not declare, for assertions.
    pub(super) variables: &'a BTreeMap<Arc<str>, Value>,
}

/// What a run came to.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) status: Status,
    pub(super) diags: Diagnostics,
    /// What exists now, if anything was applied.
    pub(super) state: Option<State>,
    /// What later runs see.
    pub(super) ended: Option<EndedRun>,
    /// The plan or state, as text or event, for -verbose.
    pub(super) shown: Option<Shown>,
}

impl Done {
    pub(super) fn error(diags: Diagnostics) -> Self {
        Self {
            status: Status::Error,
            diags,
            ..Self::default()
        }
    }
}

/// What is planned for a run.
pub(super) fn options(suite: &Suite<'_>, run: &TestRun) -> Result<PlanOptions, Diagnostics> {
    let mut diags = Diagnostics::new();
    let targets = addresses(&run.options.target, Target::parse, &mut diags);
    let force_replace = addresses(
        &run.options.replace,
        addrs::parse_resource_instance,
        &mut diags,
    );
    if run.options.refresh_only && !force_replace.is_empty() {
        diags.push(Diagnostic::error(
            "Unsupported plan mode",
            "With mode = refresh-only nothing is replaced: remove \"replace\".",
        ));
    }
    if diags.has_errors() {
        return Err(diags);
    }
    Ok(PlanOptions {
        mode: match run.options.refresh_only {
            true => plans::Mode::RefreshOnly,
            false => plans::Mode::Normal,
        },
        refresh: run.options.refresh,
        targets,
        force_replace,
        parallelism: suite.options.parallelism,
        ..PlanOptions::default()
    })
}

/// References as addresses.
fn addresses<T>(
    exprs: &[Expr],
    parse: impl Fn(&str) -> Result<T, String>,
    diags: &mut Diagnostics,
) -> Vec<T> {
    let mut all = Vec::new();
    for expr in exprs {
        let text = expr.as_traversal().map(ToString::to_string);
        match parse(&text.unwrap_or_default()) {
            Ok(addr) => all.push(addr),
            Err(problem) => diags.push(
                Diagnostic::error("Invalid address", format!("This is no address: {problem}."))
                    .at(expr.range.clone()),
            ),
        }
    }
    all
}

/// Plans, applies if that is wanted, and evaluates the assertions.
pub(super) async fn execute(round: &Round<'_>, task: Task<'_>) -> Done {
    let config = round.program.config;
    let prior = prior(task.state.clone());
    let (plan, problems) = engine::plan(round, prior).await;
    if task.run.command == TestCommand::Plan {
        let mut diags = task.expected.judge(config, problems);
        if diags.has_errors() {
            return Done::error(diags);
        }
        let known = objects::planned(round, &plan);
        let (status, ended, more) = look(round, &task, Mode::Plan, known);
        diags.append(more);
        return Done {
            status,
            diags,
            state: None,
            ended: Some(ended),
            shown: task
                .suite
                .options
                .verbose
                .then(|| show_plan(&task, round, &plan)),
        };
    }
    let mut diags = task.expected.explain(config, problems);
    if diags.has_errors() {
        return Done::error(diags);
    }
    let (state, problems) = engine::apply(round, &plan, &NoJournal).await;
    diags.append(task.expected.judge(config, problems));
    if diags.has_errors() {
        return Done {
            state: Some(state),
            ..Done::error(diags)
        };
    }
    let known = objects::stored(round, &state);
    let (status, ended, more) = look(round, &task, Mode::Apply, known);
    diags.append(more);
    Done {
        status,
        diags,
        ended: Some(ended),
        shown: task
            .suite
            .options
            .verbose
            .then(|| show_state(&task, round, &state)),
        state: Some(state),
    }
}

/// A state that a plan starts from.
pub(super) fn prior(state: State) -> PriorState {
    PriorState {
        state,
        lineage: "test".into(),
        serial: 0,
    }
}

/// Evaluates the assertions and outputs over the objects.
fn look(
    round: &Round<'_>,
    task: &Task<'_>,
    mode: Mode,
    known: Objects,
) -> (Status, EndedRun, Diagnostics) {
    let mut settings = engine::settings(round, mode);
    settings.known = Some(objects::lookup(known));
    let evaluator = Evaluator::new(round.program, round.schemas, settings);
    let root = evaluator.inst(InstId(0));
    let outputs = &round.program.config.module.outputs;
    let values: Vec<(Arc<str>, Value)> = (0u32..)
        .zip(outputs.keys())
        .map(|(i, name)| {
            let value = evaluator.output(&root, i).value;
            (name.clone(), value.unwrap_or_else(Value::dynamic))
        })
        .collect();
    let (status, diags) =
        asserts::evaluate(&task.run.asserts, &evaluator, task.runs, task.variables);
    // What is wrong with the module itself was reported while it was planned or applied.
    let _ = evaluator.take_diagnostics();
    let ended = EndedRun {
        outputs: Value::object(values),
        only_planned: mode == Mode::Plan,
    };
    (status, ended, diags)
}

/// What -verbose shows.
#[derive(Debug)]
pub(crate) enum Shown {
    /// For people.
    Text(String),
    /// As an event: its type, what it is about, and its value.
    Event(&'static str, &'static str, Json),
}

fn show_plan(task: &Task<'_>, round: &Round<'_>, plan: &Plan) -> Shown {
    let ui = &task.suite.workdir.ui;
    let schemas = views::schemas::of(round.schemas);
    if !ui.is_json() {
        return Shown::Text(views::plan::render(plan, &schemas, ui.color.get()));
    }
    let mut text = Vec::new();
    let written = plans::json::write(plan, round.program.config, &schemas, &mut text);
    let mut document: Json = written
        .ok()
        .and_then(|()| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    let mut value = with_schemas(round);
    value.insert(
        "plan_format_version".into(),
        document["format_version"].take(),
    );
    for name in [
        "output_changes",
        "relevant_attributes",
        "resource_changes",
        "resource_drift",
    ] {
        let part = document[name].take();
        if !part.is_null() {
            value.insert(name.into(), part);
        }
    }
    Shown::Event("test_plan", "plan", value.into())
}

fn show_state(task: &Task<'_>, round: &Round<'_>, state: &State) -> Shown {
    let ui = &task.suite.workdir.ui;
    let schemas = views::schemas::of(round.schemas);
    if !ui.is_json() {
        let text = views::state::render(state, &schemas, ui.color.get());
        return Shown::Text(text.unwrap_or_default());
    }
    let file = StateFile {
        state: state.clone(),
        ..StateFile::default()
    };
    let text = states::json::show(Some(&file), &schemas).unwrap_or_default();
    let mut document: Json = serde_json::from_str(&text).unwrap_or_default();
    let mut value = with_schemas(round);
    value.insert(
        "state_format_version".into(),
        document["format_version"].take(),
    );
    for name in ["root_module", "outputs"] {
        let part = document["values"][name].take();
        if !part.is_null() {
            value.insert(name.into(), part);
        }
    }
    Shown::Event("test_state", "state", value.into())
}

fn with_schemas(round: &Round<'_>) -> serde_json::Map<String, Json> {
    let schemas = crate::commands::providers::schema::all(round.schemas);
    let mut value = serde_json::Map::new();
    value.insert("provider_format_version".into(), "1.0".into());
    value.insert("provider_schemas".into(), schemas);
    value
}
