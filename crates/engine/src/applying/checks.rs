//! Check blocks, when all that they may look at is there.

use super::applier::Applier;
use crate::check_blocks;
use futures::future::join_all;
use plans::Action;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Applier<'_> {
    /// The check block that the data source of a change stands in.
    pub(super) fn check_of(&self, index: u32) -> Option<&str> {
        let addr = &self.plan.changes[index as usize].addr;
        let (module, position) = self.round.program.find_resource(&addr.config())?;
        let resource = self.round.program.resource(module, position);
        resource.check.as_deref()
    }

    /// Reads the data sources of check blocks and evaluates their assertions.
    pub(super) async fn run_check_blocks(&self) {
        if !check_blocks::are_evaluated(self.round, !self.plan.targets.is_empty())
            || self.plan.mode != plans::Mode::Normal
            || self.round.stopping.get()
        {
            return;
        }
        self.report([]);
        let failed = self.diags.borrow().has_errors();
        let mut settled = BTreeSet::new();
        let mut reads = Vec::new();
        for (i, change) in (0u32..).zip(&self.plan.changes) {
            if change.change.action != Action::Read {
                continue;
            }
            let Some(check) = self.check_of(i) else {
                continue;
            };
            if failed {
                // What it depends on may be missing.
                settled.insert(check_blocks::address(&change.addr.module, check));
            } else {
                reads.push(self.read_for_check(i, check));
            }
        }
        settled.extend(join_all(reads).await.into_iter().flatten());
        let (outcomes, problems) = check_blocks::evaluate(self.round, &self.evaluator, &settled);
        self.checks.borrow_mut().extend(outcomes);
        self.report(problems);
    }

    /// Reads the data source of a check block; the address of the block if that has failed.
    async fn read_for_check(&self, index: u32, check: &str) -> Option<Arc<str>> {
        let _permit = self.permits.acquire().await.ok()?;
        let problems = self.read(index).await.err()?;
        let module = &self.plan.changes[index as usize].addr.module;
        let (outcome, warnings) = check_blocks::unread(module, check, problems);
        let addr = outcome.object_addr.clone();
        self.checks.borrow_mut().push(outcome);
        self.report(warnings);
        Some(addr)
    }
}
