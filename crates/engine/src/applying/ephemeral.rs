//! Ephemeral resources while applying: opened when the first operation comes that needs them.

use super::applier::Applier;
use crate::ephemeral::Block;
use crate::execgraph::Op;
use crate::planning::{about, at, provider_block};
use diags::Diagnostics;
use lang::{InstId, ModuleId, ModuleInst, Node, Slot, SlotValue};
use std::rc::Rc;

impl Applier<'_> {
    /// Notes which operations will need which ephemeral block.
    pub(super) fn count_ephemeral_users(&self, ops: &[Op]) {
        if self.ephemerals.is_empty() {
            return;
        }
        for op in ops {
            for block in self.ephemerals_of(op).iter() {
                self.ephemerals.add_user(*block);
            }
        }
        // What an output is made from stays open to the end.
        for block in self.ephemerals_of_outputs() {
            self.ephemerals.add_user(block);
        }
    }

    /// The ephemeral blocks that an operation needs.
    pub(super) fn ephemerals_of(&self, op: &Op) -> Rc<[Block]> {
        if self.ephemerals.is_empty() {
            return Rc::new([]);
        }
        let program = self.round.program;
        let node = match op {
            Op::Apply(i) | Op::Read(i) | Op::Check(i) => {
                let addr = &self.plan.changes[*i as usize].addr;
                program
                    .find_resource(&addr.config())
                    .map(|(module, index)| Node::Resource(module, index))
            }
            // To be destroyed an object needs its provider, and nothing of its block.
            Op::Destroy(i) | Op::DestroyReplaced(i) => {
                let provider = &self.plan.changes[*i as usize].provider;
                provider_block(program, provider).and_then(|(module, block)| {
                    let blocks = &program.module(module).module.providers;
                    let index = blocks.values().position(|b| std::ptr::eq(b, block))?;
                    Some(Node::Provider(module, index as u32))
                })
            }
            Op::Forget(_) | Op::Gate => None,
        };
        match node.and_then(|node| program.nodes.get(&node)) {
            Some(id) => self.ephemerals.needed_by(program, *id),
            None => Rc::new([]),
        }
    }

    fn ephemerals_of_outputs(&self) -> Vec<Block> {
        let program = self.round.program;
        let root = self.evaluator.inst(InstId(0)).def;
        let count = program.module(root).module.outputs.len() as u32;
        let mut blocks = Vec::new();
        for i in 0..count {
            if let Some(id) = program.nodes.get(&Node::Output(root, i)) {
                blocks.extend(self.ephemerals.needed_by(program, *id).iter());
            }
        }
        blocks.sort_unstable();
        blocks.dedup();
        blocks
    }

    /// Opens what the root module's outputs are made from.
    pub(super) async fn open_for_outputs(&self) {
        if self.ephemerals.is_empty()
            || self.round.stopping.get()
            || self.plan.mode != plans::Mode::Normal
        {
            return;
        }
        for block in self.ephemerals_of_outputs() {
            self.open_block(block).await;
        }
    }

    /// Opens all instances of a block, once.
    pub(super) async fn open_block(&self, block: Block) {
        self.ephemerals
            .once(block)
            .get_or_init(|| self.open_instances(block))
            .await;
    }

    async fn open_instances(&self, (module, index): Block) {
        for inst in self.insts(module) {
            let expansion = self.evaluator.expand_resource(&inst, index);
            self.report([]);
            for slot in expansion.iter().flat_map(|e| &e.slots) {
                let value = match self.open_slot((module, index), slot).await {
                    Ok(value) => SlotValue::Ready(value),
                    Err(problems) => {
                        self.report(problems);
                        SlotValue::Failed
                    }
                };
                self.evaluator.set_instance(slot.id, value);
            }
        }
    }

    /// The instances of a module; calls on the way are expanded.
    fn insts(&self, module: ModuleId) -> Vec<Rc<ModuleInst>> {
        let program = self.round.program;
        let mut way = Vec::new();
        let mut at = module;
        while let Some((caller, call)) = program.module(at).parent {
            way.push((caller, call));
            at = caller;
        }
        for (caller, call) in way.into_iter().rev() {
            for inst in self.evaluator.insts_of(caller) {
                self.evaluator.expand_call(&inst, call);
            }
        }
        self.evaluator.insts_of(module)
    }

    async fn open_slot(&self, block: Block, slot: &Slot) -> Result<cty::Value, Diagnostics> {
        let program = self.round.program;
        let resource = program.resource(block.0, block.1);
        let path = &program.module(block.0).path;
        let provider = program
            .config
            .provider_config_for(path, &resource.provider_config());
        let call = self.calls_about(&slot.addr, &provider).await?;
        let config = self.decode(resource, slot)?;
        let (value, warnings) = self
            .ephemerals
            .open(self.round, block, &slot.addr, &call, &config)
            .await
            .map_err(|d| at(about(d, slot), resource))?;
        self.report(at(warnings, resource));
        self.check(resource, slot, Some(&value))?;
        Ok(value)
    }

    /// An operation has ended: what it alone needed is closed.
    pub(super) async fn drop_ephemerals(&self, blocks: &[Block]) {
        self.ephemerals.tell_renewals(self.round);
        for block in blocks {
            let problems = self.ephemerals.drop_user(self.round, *block).await;
            let resource = self.round.program.resource(block.0, block.1);
            self.report(at(problems, resource));
        }
    }

    /// Closes all that is still open.
    pub(super) async fn close_ephemerals(&self) {
        let problems = self.ephemerals.close_all(self.round).await;
        self.report(problems);
    }
}
