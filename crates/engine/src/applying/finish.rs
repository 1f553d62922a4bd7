//! The state after everything was done that could be done.

use super::applier::Applier;
use crate::check_blocks;
use crate::planning::{check_results, incomplete, is_partial};
use addrs::Mode;
use diags::{Diagnostic, Diagnostics};
use lang::InstId;
use states::{OutputValue, State};

impl Applier<'_> {
    pub(crate) fn finish(self) -> (State, Diagnostics) {
        if self.round.stopping.get() {
            self.report([Diagnostic::error(
                "Execution halted",
                "The run was interrupted. What was under way was finished and saved; the rest was not begun.",
            )]);
        }
        self.outputs();
        self.report([]);
        if is_partial(self.plan) {
            self.report([incomplete(self.plan)]);
        }
        let mut state = self.state.take();
        if self.plan.mode == plans::Mode::Destroy {
            state
                .resources
                .retain(|addr, _| addr.resource.mode == Mode::Managed);
        }
        let mut outcomes = self.plan.checks.clone();
        check_blocks::forget_planned(&mut outcomes);
        for result in check_results(&self.checks.take()) {
            match outcomes.iter_mut().find(|c| {
                c.config_addr == result.config_addr && c.object_kind == result.object_kind
            }) {
                Some(known) => merge(known, result),
                None => outcomes.push(result),
            }
        }
        state.checks = (!outcomes.is_empty()).then_some(outcomes);
        (state, self.diags.take())
    }

    /// Root outputs get the values that are known now; what cannot be computed stays as it was.
    fn outputs(&self) {
        let root = self.evaluator.inst(InstId(0));
        let module = self.round.program.module(root.def).module;
        for change in &self.plan.outputs {
            let mut state = self.state.borrow_mut();
            if change.change.action == plans::Action::Delete {
                state.outputs.remove(&change.name);
                continue;
            }
            let Some(index) = module.outputs.get_index_of(&change.name) else {
                continue;
            };
            drop(state);
            let evaluated = self.evaluator.output(&root, index as u32);
            let Some(value) = evaluated.value else {
                continue;
            };
            let value = value.unmark_all();
            if !value.is_wholly_known() {
                continue;
            }
            if value.is_null() {
                self.state.borrow_mut().outputs.remove(&change.name);
                continue;
            }
            let output = OutputValue {
                value,
                sensitive: module.outputs[index].sensitive,
            };
            self.state
                .borrow_mut()
                .outputs
                .insert(change.name.clone(), output);
        }
    }
}

/// What was found while applying counts for the instances that it was found for.
fn merge(known: &mut states::CheckResult, new: states::CheckResult) {
    let objects = known.objects.get_or_insert_with(Vec::new);
    for object in new.objects.into_iter().flatten() {
        match objects
            .iter_mut()
            .find(|o| o.object_addr == object.object_addr)
        {
            Some(old) => *old = object,
            None => objects.push(object),
        }
    }
    let rank = |s: states::CheckStatus| match s {
        states::CheckStatus::Pass => 0,
        states::CheckStatus::Unknown => 1,
        states::CheckStatus::Fail => 2,
        states::CheckStatus::Error => 3,
    };
    if let Some(worst) = objects.iter().map(|o| o.status).max_by_key(|s| rank(*s)) {
        known.status = worst;
    }
}
