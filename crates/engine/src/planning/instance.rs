//! The instances of a block, planned side by side.

use super::is_destroy;
use super::planner::Planner;
use crate::{ephemeral, provisioners};
use addrs::Mode;
use cty::Value;
use diags::Diagnostics;
use futures::stream::{self, StreamExt};
use lang::{
    CheckOutcome, CheckStatus, Dep, ModuleId, Node, RuleKind, Slot, SlotValue, evaluate_rules,
};
use std::rc::Rc;

/// How many instances of a block may be under way: as many as a provider may be asked for at once if it joins reads
/// (see `Permits`), so that those who wait for a turn are ready when it comes.
pub(crate) const UNDER_WAY: usize = 1_000;

/// What an instance's block came to.
pub(crate) struct Decoded {
    /// The configuration, with marks.
    pub(crate) config: Value,
    /// What it was made from.
    pub(crate) deps: Rc<[Dep]>,
}

impl Planner<'_> {
    pub(crate) async fn plan_resource(&self, module: ModuleId, index: u32) {
        let imports = self.resolve_imports(module, index);
        let unresolved = imports.is_err();
        self.report(imports.err().into_iter().flatten());
        for inst in self.evaluator.insts_of(module) {
            let expansion = self.evaluator.expand_resource(&inst, index);
            self.report([]);
            let Some(expansion) = expansion else {
                self.failed
                    .borrow_mut()
                    .insert(self.round.program.config_resource(module, index));
                continue;
            };
            if unresolved {
                // Without knowing what exists already nothing can be planned.
                let config = self.round.program.config_resource(module, index);
                self.failed.borrow_mut().insert(config);
                for slot in &expansion.slots {
                    self.evaluator.set_instance(slot.id, SlotValue::Failed);
                }
                continue;
            }
            let mut work = stream::iter(
                expansion
                    .slots
                    .iter()
                    .map(|slot| self.plan_slot(module, index, slot)),
            )
            .buffer_unordered(UNDER_WAY);
            while work.next().await.is_some() {}
        }
    }

    async fn plan_slot(&self, module: ModuleId, index: u32, slot: &Rc<Slot>) {
        self.claimed.borrow_mut().insert(slot.addr.clone());
        let node = self
            .round
            .program
            .nodes
            .get(&Node::Resource(module, index))
            .copied();
        let left_out = self
            .included
            .as_ref()
            .is_some_and(|set| !set.contains(node, &slot.addr));
        if (left_out && !is_destroy(self.round)) || self.is_stopping() {
            self.evaluator.set_instance(slot.id, SlotValue::Failed);
            return;
        }
        let resource = self.round.program.resource(module, index);
        let planned = match resource.addr.mode {
            Mode::Managed => self.plan_managed(module, index, slot, left_out).await,
            Mode::Data => self.plan_data(module, index, slot).await,
            Mode::Ephemeral => self.open_ephemeral(module, index, slot).await,
        };
        match planned {
            Ok(value) => self
                .evaluator
                .set_instance(slot.id, SlotValue::Ready(value)),
            Err(diags) => {
                self.report(diags);
                self.evaluator.set_instance(slot.id, SlotValue::Failed);
                self.failed.borrow_mut().insert(slot.addr.config());
            }
        }
    }

    /// Evaluates the block of an instance, after its preconditions.
    pub(crate) fn decode(
        &self,
        resource: &configs::Resource,
        slot: &Slot,
    ) -> Result<Decoded, Diagnostics> {
        let schema = self
            .round
            .schemas
            .resource(&resource.provider_source, &resource.addr)
            .ok_or_else(|| unsupported_type(resource))?;
        let inst = self.evaluator.inst(slot.inst);
        let mut deps = Vec::new();
        if !resource.lifecycle.preconditions.is_empty() {
            let read = self.check(resource, slot, None)?;
            deps.extend(read.iter().copied());
        }
        let (result, read) = self.evaluator.evaluate(&inst, &slot.data, None, |env| {
            Ok(schema::decode(&resource.body, &schema.block, env))
        });
        let (config, diags) = result?;
        if diags.has_errors() {
            return Err(about(diags, slot));
        }
        self.report(about(diags, slot));
        if resource.addr.mode != Mode::Ephemeral {
            let forbidden = ephemeral::forbidden(&config, &schema.block, &resource.body);
            if forbidden.has_errors() {
                return Err(about(forbidden, slot));
            }
        }
        let expansion = self.expansion_deps(slot);
        deps.extend(read.iter().chain(expansion.iter()).copied());
        deps.extend(self.provisioner_deps(resource, slot, &schema.block));
        deps.sort_unstable();
        deps.dedup();
        Ok(Decoded {
            config,
            deps: deps.into(),
        })
    }

    /// What provisioners will read. Their mistakes are found by validation, or when they run.
    fn provisioner_deps(
        &self,
        resource: &configs::Resource,
        slot: &Slot,
        block: &schema::Block,
    ) -> Vec<Dep> {
        let mut deps = Vec::new();
        if resource.provisioners.is_empty() {
            return deps;
        }
        let inst = self.evaluator.inst(slot.inst);
        let object = Value::unknown(block.implied_type());
        let mut read = |body: &hcl::Body, block: &schema::Block| {
            let (_, read) = self
                .evaluator
                .evaluate(&inst, &slot.data, Some(&object), |env| {
                    Ok(schema::decode(body, block, env))
                });
            deps.extend(read.iter().copied());
        };
        for provisioner in &resource.provisioners {
            if let Ok(block) = provisioners::check_kind(provisioner) {
                read(&provisioner.body, block);
            }
            let connections = resource.connection.iter().chain(&provisioner.connection);
            connections.for_each(|body| read(body, provisioners::connection()));
        }
        deps
    }

    /// What an instance's existence was computed from.
    fn expansion_deps(&self, slot: &Slot) -> Rc<[Dep]> {
        let inst = self.evaluator.inst(slot.inst);
        let module = self.round.program.module(inst.def).module;
        let Some(index) = module.resources.get_index_of(&slot.addr.resource) else {
            return Rc::new([]);
        };
        self.evaluator
            .expand_resource(&inst, index as u32)
            .map_or_else(|| Rc::new([]) as Rc<[Dep]>, |e| e.deps.clone())
    }

    /// Checks the conditions of an object that is only refreshed: what does not hold is a warning.
    pub(crate) fn check_refreshed(
        &self,
        resource: &configs::Resource,
        slot: &Slot,
        object: Option<&Value>,
    ) {
        if self.round.options.mode != plans::Mode::RefreshOnly {
            return;
        }
        for object in [None, object]
            .iter()
            .take(1 + usize::from(object.is_some()))
        {
            if let Err(problems) = self.check(resource, slot, *object) {
                self.report(crate::check_blocks::as_warnings(problems));
            }
        }
    }

    /// Checks preconditions, or with the object's value postconditions.
    pub(crate) fn check(
        &self,
        resource: &configs::Resource,
        slot: &Slot,
        object: Option<&Value>,
    ) -> Result<Rc<[Dep]>, Diagnostics> {
        let (rules, kind) = match object {
            None => (&resource.lifecycle.preconditions, RuleKind::Precondition),
            Some(_) => (&resource.lifecycle.postconditions, RuleKind::Postcondition),
        };
        if rules.is_empty() {
            return Ok(Rc::new([]));
        }
        let inst = self.evaluator.inst(slot.inst);
        let (result, deps) = self.evaluator.evaluate(&inst, &slot.data, object, |env| {
            Ok(evaluate_rules(rules, kind, env))
        });
        let (status, messages, diags) = result?;
        self.checks.borrow_mut().push(CheckOutcome {
            kind: "resource",
            config_addr: slot.addr.config().to_string().into(),
            object_addr: slot.addr.to_string().into(),
            status,
            messages,
        });
        if status == CheckStatus::Fail || diags.has_errors() {
            return Err(about(diags, slot));
        }
        self.report(about(diags, slot));
        Ok(deps)
    }
}

/// Names the instance in every diagnostic.
pub(crate) fn about(mut diags: Diagnostics, slot: &Slot) -> Diagnostics {
    for diagnostic in diags.iter_mut() {
        diagnostic
            .address
            .get_or_insert_with(|| slot.addr.to_string());
    }
    diags
}

pub(crate) fn unsupported_type(resource: &configs::Resource) -> Diagnostics {
    let what = match resource.addr.mode {
        Mode::Data => "data source",
        Mode::Managed => "resource",
        Mode::Ephemeral => "ephemeral resource",
    };
    crate::resources::ObjectCall::unsupported(
        &resource.provider_source,
        what,
        &resource.addr.kind,
        None,
    )
    .at(resource.kind_range.clone())
    .into()
}
