//! A plan, carried out.
//!
//! The operations of the execution graph run as soon as those before them have ended, as many at a time
//! as the round allows. Each evaluates its block again with the values that are known by now. Whatever
//! happens, a state comes back that says what exists.

mod applier;
mod checks;
mod ephemeral;
mod execute;
mod finish;
mod managed;
mod provision;
mod settle;

use crate::Round;
use crate::execgraph;
use crate::journal::Journal;
use applier::Applier;
use diags::Diagnostics;
use plans::Plan;
use states::State;

/// Carries out a plan: the state afterwards, and what went wrong.
pub async fn apply(round: &Round<'_>, plan: &Plan, journal: &dyn Journal) -> (State, Diagnostics) {
    let applier = Applier::new(round, plan, journal);
    let graph = execgraph::build(plan, &|addr| applier.has_conditions(addr));
    for change in &plan.changes {
        if let Some(id) = &change.change.importing {
            round.hooks.import_applied(&change.addr, id);
        }
    }
    round.hooks.apply_planned(graph.operations());
    applier.execute(&graph).await;
    applier.check_modules();
    applier.run_check_blocks().await;
    applier.open_for_outputs().await;
    applier.close_ephemerals().await;
    applier.finish()
}
