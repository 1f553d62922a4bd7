//! Configurations in memory, the built-in provider, and plans as text: what tests and benchmarks of the
//! engine are written with.

use addrs::Provider;
use configs::{Loader, MemoryFiles};
use diags::Diagnostics;
use engine::{
    BuiltinProvider, Journal, NoJournal, PlanOptions, PriorState, ProviderFactory, ProviderPool,
    Round, Schemas, Silent, Surroundings,
};
use futures::FutureExt;
use lang::Program;
use plans::{Action, Plan};
use providers::BoxFuture;
use states::State;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

mod cloud;
mod records;
mod registry;
mod tampered;

pub use cloud::Cloud;
pub use records::Records;
pub use registry::{Registry, Signer};
pub use tampered::Tampered;

/// Answers with the built-in provider, whatever is asked for.
struct Builtin;

impl ProviderFactory for Builtin {
    fn provider(
        &self,
        _: &Provider,
    ) -> BoxFuture<'_, Result<Arc<dyn providers::Provider>, Diagnostics>> {
        let provider: Arc<dyn providers::Provider> = Arc::new(BuiltinProvider::new("."));
        std::future::ready(Ok(provider)).boxed()
    }
}

/// What one step of a test came to.
pub struct Step {
    /// The plan.
    pub plan: Plan,
    /// The state afterwards.
    pub state: State,
    /// The problems.
    pub diags: Diagnostics,
}

/// Plans a configuration over a state, and if `apply` is set and all is well carries the plan out.
pub fn run(config: &str, state: State, options: PlanOptions, apply: bool) -> Step {
    run_with(&Builtin, config, state, options, apply)
}

/// Like [`run`], with providers of the test's own.
pub fn run_with(
    factory: &dyn ProviderFactory,
    config: &str,
    state: State,
    options: PlanOptions,
    apply: bool,
) -> Step {
    let journal: Option<&dyn Journal> = if apply { Some(&NoJournal) } else { None };
    run_recorded(factory, config, state, options, journal)
}

/// Like [`run_with`]; the plan is carried out if there is a journal.
pub fn run_recorded(
    factory: &dyn ProviderFactory,
    config: &str,
    state: State,
    options: PlanOptions,
    journal: Option<&dyn Journal>,
) -> Step {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(step(factory, config, state, options, journal, &|_| ()))
}

/// Like [`run_recorded`], on the current runtime. `planned` is told the plan before it is carried out.
pub async fn step(
    factory: &dyn ProviderFactory,
    config: &str,
    state: State,
    options: PlanOptions,
    journal: Option<&dyn Journal>,
    planned: &dyn Fn(&Plan),
) -> Step {
    let files = MemoryFiles(BTreeMap::from([(
        "main.tf".into(),
        config.as_bytes().to_vec(),
    )]));
    let (config, diags) = Loader::new(&files, Path::new(".terraform")).load(Path::new("."));
    assert!(!diags.has_errors(), "{diags:#?}");
    let (program, diags) = Program::compile(&config);
    assert!(!diags.has_errors(), "{diags:#?}");
    let pool = ProviderPool::new(factory, "1.11.4");
    let (schemas, diags) = Schemas::load(&pool, used(&program, &state)).await;
    assert!(!diags.has_errors(), "{diags:#?}");
    let round = Round {
        program: &program,
        schemas: &schemas,
        providers: &pool,
        inputs: BTreeMap::new(),
        given_at: BTreeMap::new(),
        options,
        surroundings: Surroundings {
            workspace: "default".into(),
            cwd: "/".into(),
            root_dir: ".".into(),
            base_dir: "/".into(),
            home: None,
            timestamp: "2026-01-01T00:00:00Z".into(),
            time: 1_767_225_600,
            impure: None,
        },
        hooks: &Silent,
        stand_ins: None,
        stopping: &Cell::new(false),
    };
    let prior = PriorState {
        state: state.clone(),
        lineage: "l".into(),
        serial: 1,
    };
    let (plan, mut diags) = engine::plan(&round, prior).await;
    let mut after = state;
    if let (Some(journal), false) = (journal, diags.has_errors()) {
        planned(&plan);
        let (state, problems) = engine::apply(&round, &plan, journal).await;
        diags.append(problems);
        after = state;
    }
    Step {
        plan,
        state: after,
        diags,
    }
}

/// Every provider that a configuration uses or that a state's objects need.
fn used(program: &Program<'_>, state: &State) -> BTreeSet<Provider> {
    let mut used = BTreeSet::from([Provider::builtin()]);
    let blocks = program
        .modules
        .iter()
        .flat_map(|m| m.module.resources.values());
    used.extend(blocks.map(|r| r.provider_source.clone()));
    let imports = program.config.module.imports.iter();
    used.extend(imports.map(|i| Provider::implied(i.provider_config().name)));
    let resources = state.resources.values();
    used.extend(resources.map(|r| r.provider.provider.clone()));
    used
}

/// Applies a configuration to nothing.
pub fn applied(config: &str) -> State {
    let step = run(config, State::default(), PlanOptions::default(), true);
    assert!(!step.diags.has_errors(), "{:#?}", step.diags);
    step.state
}

/// A plan as text: a line for each change and output that is not a no-op, then the problems.
pub fn text(step: &Step) -> String {
    let mut out = String::new();
    for change in step
        .plan
        .changes
        .iter()
        .filter(|c| c.change.action != Action::NoOp || c.change.importing.is_some())
    {
        let imported = change
            .change
            .importing
            .as_ref()
            .map_or_else(String::new, |id| format!("  imported as {id}"));
        let reason = change
            .reason
            .map_or_else(String::new, |r| format!("  {r:?}"));
        let moved = if change.prev_run_addr == change.addr {
            String::new()
        } else {
            format!("  from {}", change.prev_run_addr)
        };
        out.push_str(&format!(
            "{}  {:?}{reason}{moved}{imported}\n",
            change.addr, change.change.action
        ));
    }
    for output in step
        .plan
        .outputs
        .iter()
        .filter(|o| o.change.action != Action::NoOp)
    {
        out.push_str(&format!(
            "output.{}  {:?}\n",
            output.name, output.change.action
        ));
    }
    for diagnostic in &step.diags {
        let line = diagnostic.subject.as_ref().map_or(0, |r| r.start.line);
        out.push_str(&format!(
            "{:?} line {line}: {}\n",
            diagnostic.severity, diagnostic.summary
        ));
    }
    out
}

/// Plans `after` over what `before` made: changes as text.
pub fn replan(before: &str, after: &str) -> String {
    text(&run(after, applied(before), PlanOptions::default(), false))
}

/// Plans `after` over what `before` made: the operations and their order as text.
pub fn order(before: &str, after: &str) -> String {
    let step = run(
        after,
        if before.is_empty() {
            State::default()
        } else {
            applied(before)
        },
        PlanOptions::default(),
        false,
    );
    assert!(!step.diags.has_errors(), "{:#?}", step.diags);
    engine::build_execgraph(&step.plan, &|_| false).render(&step.plan)
}
