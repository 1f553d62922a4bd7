//! What has to be done so that the objects are as the configuration says.
//!
//! The configuration's graph is walked in order, blocks that do not need each other at the same time;
//! the instances of a block are planned side by side. Then come the objects that no block asks for any
//! more. Everything that is found goes into one list of changes, and a plan is made of it even when
//! there were errors.

mod data;
mod ephemeral;
mod excludes;
mod finish;
mod generate;
mod imports;
mod instance;
mod interrupted;
mod managed;
mod moves;
mod orphans;
mod outputs;
mod permits;
mod planner;
mod provider;
mod relevant;
mod removed;
mod side_checks;
mod targets;
mod triggers;
mod walk;

use crate::Round;
use addrs::AbsResourceInstance;
use diags::{Diagnostic, Diagnostics};
pub(crate) use instance::{about, unsupported_type};
pub(crate) use interrupted::resumed;
pub(crate) use managed::at;
pub(crate) use planner::check_results;
pub use planner::settings;
use plans::{Mode, Plan};
pub(crate) use provider::{make_call, provider_block, provider_value};
pub(crate) use targets::{Included, incomplete, is_partial};

use imports::Imports;
use moves::Moved;
use planner::Planner;
use states::State;
use std::sync::Arc;

/// The state that a plan starts from.
pub struct PriorState {
    /// What exists, as the last run knew it.
    pub state: State,
    /// The state's lineage.
    pub lineage: Arc<str>,
    /// The state's serial.
    pub serial: u64,
}

/// Plans.
pub async fn plan(round: &Round<'_>, prior: PriorState) -> (Plan, Diagnostics) {
    // What makes no sense is not planned: more problems would only follow from the first ones.
    let mut checked = crate::validating::validate_language(round).await;
    checked.append(removed::check(round.program));
    if round.options.mode == Mode::Normal {
        checked.append(imports::check(round.program, round.options.generate_config));
    }
    let moved = moves::apply(round.program, prior.state);
    if let Some(problem) = moved.check_targets(&round.options) {
        checked.push(problem);
        checked.append(targets::partial(&round.options));
    }
    let planner = Planner::new(round, &moved, Imports::default());
    if checked.has_errors() {
        let (plan, _) = planner.finish(Vec::new(), &prior.lineage, prior.serial);
        return (judged(plan, &checked), checked);
    }
    let mut diags = moved.diagnostics.clone();
    planner.walk().await;
    planner.import_without_blocks().await;
    planner.plan_unclaimed().await;
    planner.evaluate_check_blocks();
    planner.check_moves();
    planner.check_imports();
    planner.warn_of_targets();
    planner.tell_of_interrupted();
    let outputs = planner.plan_outputs();
    planner.close_ephemerals().await;
    planner.settle_checks().await;
    let (plan, problems) = planner.finish(outputs, &prior.lineage, prior.serial);
    diags.append(problems);
    diags.append(removed::warning(&plan));
    for warning in checked {
        // Most come again with the plan.
        let same = |d: &Diagnostic| d.summary == warning.summary && d.subject == warning.subject;
        if !diags.iter().any(same) {
            diags.push(warning);
        }
    }
    (judged(plan, &diags), diags)
}

/// Brings objects that exist already into a state; nothing else is done. The options ask for a plan that
/// only refreshes, without reading what is in the state.
pub async fn import(
    round: &Round<'_>,
    prior: PriorState,
    wanted: &[(AbsResourceInstance, String)],
) -> (State, Diagnostics) {
    let mut state = prior.state.clone();
    let mut diags: Diagnostics = wanted
        .iter()
        .filter(|(addr, _)| state.instance(addr).is_some_and(|i| i.current.is_some()))
        .map(|(addr, _)| imports::managed_already(addr))
        .collect();
    if !diags.has_errors() {
        diags.append(crate::validating::validate_language(round).await);
    }
    if diags.has_errors() {
        return (state, diags);
    }
    let moved = Moved::nothing(prior.state);
    let planner = Planner::new(round, &moved, Imports::of_command(wanted));
    planner.walk().await;
    planner.check_imports();
    planner.close_ephemerals().await;
    planner.settle_checks().await;
    let (plan, problems) = planner.finish(Vec::new(), &prior.lineage, prior.serial);
    // Warnings of a look at the whole configuration are not about what was imported.
    diags = problems.into_iter().filter(Diagnostic::is_error).collect();
    for (addr, _) in wanted {
        let resource = plan.prior_state.resources.get(&addr.abs_resource());
        let object = plan
            .prior_state
            .instance(addr)
            .and_then(|i| i.current.clone());
        if let (Some(resource), Some(object)) = (resource, object) {
            state.set_current(addr, &resource.provider, Some(object));
        }
    }
    if !diags.has_errors() {
        state.outputs = plan.prior_state.outputs;
    }
    (state, diags)
}

/// The plan, which cannot be applied if there were errors.
fn judged(plan: Plan, diags: &Diagnostics) -> Plan {
    Plan {
        errored: diags.has_errors(),
        applyable: plan.applyable && !diags.has_errors(),
        ..plan
    }
}

/// Whether objects are only destroyed.
pub(crate) fn is_destroy(round: &Round<'_>) -> bool {
    round.options.mode == Mode::Destroy
}
