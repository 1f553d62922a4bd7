//! Check blocks, when all that they may look at is there.

use super::applier::Applier;
use crate::check_blocks;
use crate::planning::{Included, is_partial};
use addrs::Target;
use futures::future::join_all;
use lang::{ModuleId, Node};
use plans::Action;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Applier<'_> {
    /// Evaluates the variables and outputs of called modules that have rules: what was not known while
    /// planning may break them, and nothing else needs to ask for their values.
    pub(super) fn check_modules(&self) {
        if self.plan.mode == plans::Mode::Destroy || self.round.stopping.get() {
            return;
        }
        let program = self.round.program;
        let parsed = |texts: &[Arc<str>]| -> Vec<Target> {
            texts.iter().filter_map(|t| Target::parse(t).ok()).collect()
        };
        let (targets, excludes) = (parsed(&self.plan.targets), parsed(&self.plan.excludes));
        let state = &self.plan.prior_state;
        let included = Included::new(program, self.plan.mode, (&targets, &excludes), state);
        let asked = |node: Node| {
            included.as_ref().is_none_or(|set| {
                let id = program.nodes.get(&node);
                id.is_some_and(|id| set.nodes.contains(id))
            })
        };
        let modules = (0u32..).map(ModuleId).zip(&program.modules).skip(1);
        for (id, def) in modules {
            let variables: Vec<u32> = (0u32..)
                .zip(def.module.variables.values())
                .filter(|(i, v)| !v.validations.is_empty() && asked(Node::Variable(id, *i)))
                .map(|(i, _)| i)
                .collect();
            let outputs: Vec<u32> = (0u32..)
                .zip(def.module.outputs.values())
                .filter(|(i, o)| !o.preconditions.is_empty() && asked(Node::Output(id, *i)))
                .map(|(i, _)| i)
                .collect();
            if variables.is_empty() && outputs.is_empty() {
                continue;
            }
            check_blocks::expand_modules(self.round, &self.evaluator);
            for inst in self.evaluator.insts_of(id) {
                for i in &variables {
                    self.evaluator.variable(&inst, *i);
                }
                for i in &outputs {
                    self.evaluator.output(&inst, *i);
                }
            }
        }
        self.report([]);
    }

    /// The check block that the data source of a change stands in.
    pub(super) fn check_of(&self, index: u32) -> Option<&str> {
        let addr = &self.plan.changes[index as usize].addr;
        let (module, position) = self.round.program.find_resource(&addr.config())?;
        let resource = self.round.program.resource(module, position);
        resource.check.as_deref()
    }

    /// Reads the data sources of check blocks and evaluates their assertions.
    pub(super) async fn run_check_blocks(&self) {
        if !check_blocks::are_evaluated(self.round, is_partial(self.plan))
            || self.plan.mode == plans::Mode::Destroy
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
