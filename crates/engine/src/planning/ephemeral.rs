//! Ephemeral resources while planning.

use super::planner::Planner;
use super::{about, at};
use crate::ephemeral::Block;
use cty::Value;
use dag::NodeId;
use diags::Diagnostics;
use lang::{ModuleId, Node, Slot, SlotId};
use std::collections::BTreeMap;

impl Planner<'_> {
    /// Opens one instance of an `ephemeral` block, if what it is opened with is known.
    pub(crate) async fn open_ephemeral(
        &self,
        module: ModuleId,
        index: u32,
        slot: &Slot,
    ) -> Result<Value, Diagnostics> {
        let program = self.round.program;
        let resource = program.resource(module, index);
        let path = &program.module(module).path;
        let provider = program
            .config
            .provider_config_for(path, &resource.provider_config());
        let Some(call) = self.calls(&slot.addr, &provider).await else {
            return Err(Diagnostics::new());
        };
        let decoded = self.decode(resource, slot)?;
        let deps = self.with_provider_deps(&provider, decoded.deps);
        let block = (module, index);
        self.ephemeral_deps
            .borrow_mut()
            .entry(block)
            .or_default()
            .extend(deps.iter().copied());
        self.ephemeral_slots.borrow_mut().insert(slot.id, block);
        let _permit = self.permits.single.acquire().await;
        let (value, warnings) = self
            .ephemerals
            .open(self.round, block, &slot.addr, &call, &decoded.config)
            .await
            .map_err(|d| at(about(d, slot), resource))?;
        self.report(at(warnings, resource));
        self.check(resource, slot, Some(&value))?;
        Ok(value)
    }

    /// Notes who will need which ephemeral block, itself among them. What others than resources need stays open to the end.
    pub(crate) fn count_ephemeral_users(&self) {
        let graph = &self.round.program.graph;
        for (block, id) in self.ephemerals.blocks() {
            self.ephemerals.add_user(*block);
            for user in graph.all_dependents([*id]) {
                let stays = matches!(graph.get(user), Some(Node::Provider(..) | Node::Output(..)));
                let left_out = self
                    .included
                    .as_ref()
                    .is_some_and(|set| !set.nodes.contains(&user));
                if stays || (!left_out && matches!(graph.get(user), Some(Node::Resource(..)))) {
                    self.ephemerals.add_user(*block);
                }
            }
        }
    }

    /// A block was planned: what it alone needed is closed.
    pub(crate) async fn drop_ephemeral_user(&self, node: NodeId) {
        let program = self.round.program;
        let own = self.ephemerals.blocks().iter().find(|(_, id)| *id == node);
        let needed = self.ephemerals.needed_by(program, node);
        self.ephemerals.tell_renewals(self.round);
        for block in needed.iter().chain(own.map(|(block, _)| block)) {
            let problems = self.ephemerals.drop_user(self.round, *block).await;
            self.report_closed(*block, problems);
        }
    }

    /// Nothing is evaluated any more.
    pub(crate) async fn close_ephemerals(&self) {
        let problems = self.ephemerals.close_all(self.round).await;
        self.report(problems);
    }

    fn report_closed(&self, (module, index): Block, problems: Diagnostics) {
        self.report(at(problems, self.round.program.resource(module, index)));
    }

    /// The groups of dependencies that stand for ephemeral instances: one for each block, behind those of
    /// the evaluator.
    pub(crate) fn ephemeral_groups(&self) -> BTreeMap<SlotId, u32> {
        let first = self.evaluator.group_count() as u32;
        let blocks = self.ephemeral_deps.borrow();
        let numbers: BTreeMap<Block, u32> = blocks.keys().copied().zip(first..).collect();
        let slots = self.ephemeral_slots.borrow();
        slots
            .iter()
            .filter_map(|(slot, block)| Some((*slot, *numbers.get(block)?)))
            .collect()
    }
}
