//! What planning finds out, as it goes.

use super::imports::Imports;
use super::moves::Moved;
use super::permits::Permits;
use super::targets::Included;
use crate::Round;
use crate::ephemeral::{Block, Ephemerals};
use crate::provider_functions;
use crate::resources::ObjectValue;
use crate::statics::Statics;
use addrs::{AbsResourceInstance, ConfigResource, ProviderConfig};
use cty::{Path, Value};
use diags::{Diagnostic, Diagnostics};
use lang::{Dep, Evaluator, Mode, Settings, SlotId};
use plans::{Action, ActionReason};
use states::{CheckResult, DeposedKey, Object};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// Plans the objects of a round.
pub(crate) struct Planner<'r> {
    pub(crate) round: &'r Round<'r>,
    pub(crate) moved: &'r Moved,
    pub(crate) evaluator: Evaluator<'r>,
    pub(crate) statics: Statics<'r>,
    pub(crate) permits: Permits,
    /// What was found for each object.
    pub(crate) found: RefCell<Vec<Found>>,
    /// Where current objects are in `found`.
    pub(crate) by_addr: RefCell<BTreeMap<AbsResourceInstance, usize>>,
    /// Which resource instance's slot is where in `found`.
    pub(crate) by_slot: RefCell<BTreeMap<SlotId, usize>>,
    /// Blocks of which an instance will change.
    pub(crate) pending: RefCell<BTreeSet<ConfigResource>>,
    /// Blocks of which an instance could not be planned.
    pub(crate) failed: RefCell<BTreeSet<ConfigResource>>,
    /// Instances that the configuration asks for, planned or not.
    pub(crate) claimed: RefCell<BTreeSet<AbsResourceInstance>>,
    pub(crate) provider_configs: RefCell<BTreeMap<ProviderConfig, Option<Value>>>,
    /// What the configurations of providers were computed from.
    pub(crate) provider_deps: RefCell<BTreeMap<ProviderConfig, Option<Dep>>>,
    pub(crate) side_checks: super::side_checks::SideChecks,
    pub(crate) checks: RefCell<Vec<lang::CheckOutcome>>,
    pub(crate) diags: RefCell<Diagnostics>,
    /// What is left in when not everything is.
    pub(crate) included: Option<Included>,
    pub(crate) imports: Imports,
    pub(crate) stopped: Cell<bool>,
    pub(crate) ephemerals: Ephemerals,
    /// What the instances of ephemeral blocks were made from, by block.
    pub(crate) ephemeral_deps: RefCell<BTreeMap<Block, BTreeSet<Dep>>>,
    /// Which block an ephemeral instance is of.
    pub(crate) ephemeral_slots: RefCell<BTreeMap<SlotId, Block>>,
}

/// What was found for one object.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) addr: AbsResourceInstance,
    pub(crate) deposed: Option<DeposedKey>,
    pub(crate) provider: ProviderConfig,
    /// The stored object.
    pub(crate) stored: Option<Arc<Object>>,
    /// The stored object, upgraded.
    pub(crate) upgraded: Option<ObjectValue>,
    /// The object now; `None` = there is none.
    pub(crate) now: Option<ObjectValue>,
    /// What is done; `None` = the object is only known, nothing was planned for it.
    pub(crate) change: Option<FoundChange>,
    /// What the object will remember as its dependencies.
    pub(crate) dependencies: Arc<[ConfigResource]>,
    pub(crate) create_before_destroy: bool,
    pub(crate) schema_version: i64,
    /// The type of the object.
    pub(crate) ty: cty::Type,
    pub(crate) deps: Rc<[Dep]>,
    /// The id by which the object is imported.
    pub(crate) importing: Option<Arc<str>>,
    /// The block that was written for it.
    pub(crate) generated_config: Option<Arc<str>>,
}

/// A planned change of an object.
#[derive(Clone, Debug)]
pub(crate) struct FoundChange {
    pub(crate) action: Action,
    pub(crate) reason: Option<ActionReason>,
    pub(crate) before: Value,
    pub(crate) after: Value,
    pub(crate) required_replace: Vec<Path>,
    pub(crate) private: Arc<[u8]>,
}

impl<'r> Planner<'r> {
    pub(crate) fn new(round: &'r Round<'r>, moved: &'r Moved, imports: Imports) -> Self {
        let evaluator = Evaluator::new(round.program, round.schemas, settings(round, Mode::Plan));
        let options = &round.options;
        let included = Included::new(
            round.program,
            options.mode,
            (&options.targets, &options.excludes),
            &moved.state,
        );
        Self {
            round,
            moved,
            evaluator,
            statics: Statics::new(round.program),
            permits: Permits::new(round.options.parallelism),
            found: RefCell::default(),
            by_addr: RefCell::default(),
            by_slot: RefCell::default(),
            pending: RefCell::default(),
            failed: RefCell::default(),
            claimed: RefCell::default(),
            provider_configs: RefCell::default(),
            provider_deps: RefCell::default(),
            side_checks: super::side_checks::SideChecks::default(),
            checks: RefCell::default(),
            diags: RefCell::default(),
            included,
            imports,
            stopped: Cell::new(false),
            ephemerals: Ephemerals::new(round.program),
            ephemeral_deps: RefCell::default(),
            ephemeral_slots: RefCell::default(),
        }
    }

    /// Notes problems.
    pub(crate) fn report(&self, diags: impl IntoIterator<Item = Diagnostic>) {
        let mut all = self.diags.borrow_mut();
        all.append(self.evaluator.take_diagnostics());
        all.append(diags);
        self.checks
            .borrow_mut()
            .extend(self.evaluator.take_checks());
    }

    /// Notes what was found for an object.
    pub(crate) fn add(&self, found: Found, slot: Option<SlotId>) {
        let mut all = self.found.borrow_mut();
        if found.deposed.is_none() {
            self.by_addr
                .borrow_mut()
                .insert(found.addr.clone(), all.len());
        }
        if let Some(slot) = slot {
            self.by_slot.borrow_mut().insert(slot, all.len());
        }
        if found
            .change
            .as_ref()
            .is_some_and(|c| c.action != Action::NoOp)
        {
            let config = found.addr.config();
            let mut pending = self.pending.borrow_mut();
            if !pending.contains(&config) {
                pending.insert(config);
            }
        }
        all.push(found);
    }

    /// Whether the run should end soon.
    pub(crate) fn is_stopping(&self) -> bool {
        if self.round.stopping.get() {
            self.stopped.set(true);
        }
        self.stopped.get()
    }
}

/// What evaluation needs in a round.
pub fn settings(round: &Round<'_>, mode: Mode) -> Settings {
    let around = &round.surroundings;
    let functions: Rc<dyn hcl::Functions> = Rc::new(funcs::Table::new(funcs::Options {
        base_dir: around.base_dir.clone(),
        cwd: around.base_dir.clone(),
        home: around.home.clone(),
        plan_time: (mode != Mode::Validate).then_some(around.time),
        impure: around.impure.clone().filter(|_| mode == Mode::Apply),
        console: false,
    }));
    Settings {
        mode,
        inputs: round.inputs.clone(),
        given_at: round.given_at.clone(),
        module_functions: provider_functions::module_functions(round, &functions),
        functions,
        workspace: around.workspace.clone(),
        cwd: around.cwd.clone(),
        root_dir: around.root_dir.clone(),
        known: None,
    }
}

/// Check outcomes as they are stored, one entry per configuration object, instances inside.
pub(crate) fn check_results(outcomes: &[lang::CheckOutcome]) -> Vec<CheckResult> {
    type Objects = BTreeMap<Arc<str>, lang::CheckOutcome>;
    let mut by_config: BTreeMap<(Arc<str>, &'static str), Objects> = BTreeMap::new();
    for outcome in outcomes {
        let objects = by_config
            .entry((outcome.config_addr.clone(), outcome.kind))
            .or_default();
        let object = objects
            .entry(outcome.object_addr.clone())
            .or_insert_with(|| lang::CheckOutcome {
                status: lang::CheckStatus::Pass,
                messages: Vec::new(),
                ..outcome.clone()
            });
        object.status = object.status.max(outcome.status);
        object.messages.extend(outcome.messages.iter().cloned());
    }
    by_config
        .into_iter()
        .map(|((config_addr, kind), objects)| CheckResult {
            object_kind: kind.into(),
            config_addr,
            status: objects
                .values()
                .map(|o| o.status)
                .max()
                .map_or(states::CheckStatus::Pass, status),
            objects: Some(
                objects
                    .into_values()
                    .map(|o| states::CheckObjectResult {
                        object_addr: o.object_addr,
                        status: status(o.status),
                        failure_messages: o.messages,
                    })
                    .collect(),
            ),
        })
        .collect()
}

const fn status(status: lang::CheckStatus) -> states::CheckStatus {
    match status {
        lang::CheckStatus::Pass => states::CheckStatus::Pass,
        lang::CheckStatus::Unknown => states::CheckStatus::Unknown,
        lang::CheckStatus::Fail => states::CheckStatus::Fail,
        lang::CheckStatus::Error => states::CheckStatus::Error,
    }
}
