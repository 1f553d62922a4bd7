//! One instance of a `data` block.

use super::managed::at;
use super::planner::{Found, FoundChange, Planner};
use crate::check_blocks;
use crate::hooks::object_id;
use crate::resources::{ObjectCall, ObjectValue};
use addrs::{ConfigResource, Mode};
use cty::Value;
use diags::Diagnostics;
use lang::{ModuleId, Node, Slot, Target};
use plans::{Action, ActionReason};
use std::collections::BTreeSet;

impl Planner<'_> {
    /// Reads a data source, or plans to read it while applying.
    pub(crate) async fn plan_data(
        &self,
        module: ModuleId,
        index: u32,
        slot: &Slot,
    ) -> Result<Value, Diagnostics> {
        let resource = self.round.program.resource(module, index);
        let path = &self.round.program.module(module).path;
        let provider = self
            .round
            .program
            .config
            .provider_config_for(path, &resource.provider_config());
        let Some(call) = self.calls(&slot.addr, &provider).await else {
            return Err(Diagnostics::new());
        };
        if super::is_destroy(self.round) && !self.round.options.refresh {
            return self.recall_data(&call, slot, provider).await;
        }
        let decoded = self.decode(resource, slot)?;
        let mut found = Found {
            addr: slot.addr.clone(),
            deposed: None,
            provider: provider.clone(),
            stored: None,
            upgraded: None,
            now: None,
            change: None,
            dependencies: [].into(),
            create_before_destroy: false,
            schema_version: call.schema.version,
            ty: call.ty(),
            deps: self.with_provider_deps(&provider, decoded.deps.clone()),
            importing: None,
            generated_config: None,
        };
        let later = if !decoded.config.is_wholly_known() {
            Some(ActionReason::ReadBecauseConfigUnknown)
        } else if !super::is_destroy(self.round) && self.waits_for_change(module, resource) {
            Some(ActionReason::ReadBecauseDependencyPending)
        } else {
            None
        };
        if let Some(reason) = later {
            let after = call.plan_data(&decoded.config);
            if self.round.options.mode != plans::Mode::Normal {
                // Nothing is changed by such a plan, so that nothing is read later either.
                return Ok(after);
            }
            found.change = Some(FoundChange {
                action: Action::Read,
                reason: Some(reason),
                before: Value::null(call.ty()),
                after: after.clone(),
                required_replace: Vec::new(),
                private: [].into(),
            });
            self.add(found, Some(slot.id));
            self.check(resource, slot, Some(&after))?;
            return Ok(after);
        }
        let _permit = self.permits.single.acquire().await;
        let read = self
            .read_data(&call, resource, slot, &decoded.config)
            .await
            .map_err(|d| at(d, resource));
        let value = match (read, &resource.check) {
            (Ok(value), _) => value,
            (Err(problems), None) => return Err(problems),
            (Err(problems), Some(check)) => {
                self.check_unread(check, slot, problems);
                call.plan_data(&decoded.config)
            }
        };
        found.now = Some(ObjectValue {
            value: plans::objchange::unknowns_as_null(&value),
            private: [].into(),
        });
        if resource.check.is_some() && self.round.options.mode == plans::Mode::Normal {
            found.change = Some(FoundChange {
                action: Action::Read,
                reason: Some(ActionReason::ReadBecauseCheckNested),
                before: Value::null(call.ty()),
                after: value.clone(),
                required_replace: Vec::new(),
                private: [].into(),
            });
        }
        self.add(found, Some(slot.id));
        self.check(resource, slot, Some(&value))?;
        Ok(value)
    }

    /// What the last run has read: nothing is read when all goes without a look.
    async fn recall_data(
        &self,
        call: &ObjectCall,
        slot: &Slot,
        provider: addrs::ProviderConfig,
    ) -> Result<Value, Diagnostics> {
        let stored = self.moved.state.instance(&slot.addr);
        let Some(object) = stored.and_then(|i| i.current.clone()) else {
            return Ok(Value::unknown(call.ty()));
        };
        let upgraded = call.upgrade(&object).await?;
        let value = upgraded.value.clone();
        let found = Found {
            addr: slot.addr.clone(),
            deposed: None,
            provider,
            stored: Some(object),
            upgraded: Some(upgraded.clone()),
            now: Some(upgraded),
            change: None,
            dependencies: [].into(),
            create_before_destroy: false,
            schema_version: call.schema.version,
            ty: call.ty(),
            deps: [].into(),
            importing: None,
            generated_config: None,
        };
        self.add(found, Some(slot.id));
        Ok(value)
    }

    async fn read_data(
        &self,
        call: &ObjectCall,
        resource: &configs::Resource,
        slot: &Slot,
        config: &Value,
    ) -> Result<Value, Diagnostics> {
        let problems = call.validate(Mode::Data, config).await;
        if problems.has_errors() {
            return Err(problems);
        }
        self.report(at(problems, resource));
        self.round.hooks.read_start(&slot.addr);
        let (value, warnings) = call.read_data(config).await?;
        self.round
            .hooks
            .read_done(&slot.addr, object_id(&value).as_deref());
        self.report(at(warnings, resource));
        Ok(value)
    }

    /// A data source in a check block that cannot be read fails the check, and nothing else.
    fn check_unread(&self, check: &str, slot: &Slot, problems: Diagnostics) {
        if super::is_destroy(self.round) {
            return;
        }
        let (outcome, warnings) = check_blocks::unread(&slot.addr.module, check, problems);
        self.checks.borrow_mut().push(outcome);
        self.report(warnings);
    }

    /// Finds out how check blocks come out, as far as that can be told.
    pub(crate) fn evaluate_check_blocks(&self) {
        if !check_blocks::are_evaluated(self.round, self.included.is_some()) || self.is_stopping() {
            return;
        }
        let settled = self
            .checks
            .borrow()
            .iter()
            .filter(|o| o.kind == "check")
            .map(|o| o.object_addr.clone())
            .collect();
        let (outcomes, problems) = check_blocks::evaluate(self.round, &self.evaluator, &settled);
        self.checks.borrow_mut().extend(outcomes);
        self.report(problems);
    }

    /// Whether something that the block names, or depends on explicitly through its module's call, will
    /// change; with conditions, whether anything that it depends on will.
    fn waits_for_change(&self, module: ModuleId, resource: &configs::Resource) -> bool {
        let pending = self.pending.borrow();
        if pending.is_empty() {
            return false;
        }
        let program = self.round.program;
        let mut at = Some(module);
        let mut depends: Vec<(ModuleId, &hcl::Expr)> =
            resource.depends_on.iter().map(|e| (module, e)).collect();
        while let Some(id) = at {
            let def = program.module(id);
            at = def.parent.map(|(caller, call)| {
                depends.extend(
                    program.module(caller).module.calls[call as usize]
                        .depends_on
                        .iter()
                        .map(|e| (caller, e)),
                );
                caller
            });
        }
        if self.refers_to_pending(module, resource, &pending) {
            return true;
        }
        let conditions = !resource.lifecycle.preconditions.is_empty()
            || !resource.lifecycle.postconditions.is_empty();
        if conditions
            && self
                .statics_of(module, resource)
                .iter()
                .any(|d| pending.contains(d))
        {
            return true;
        }
        depends
            .iter()
            .any(|(id, expr)| self.names_pending(*id, expr, &pending))
    }

    /// Whether the block itself refers to a managed resource that will change, even if the attribute it
    /// reads is known already.
    fn refers_to_pending(
        &self,
        module: ModuleId,
        resource: &configs::Resource,
        pending: &BTreeSet<ConfigResource>,
    ) -> bool {
        let program = self.round.program;
        let resources = &program.module(module).module.resources;
        let node = resources
            .get_index_of(&resource.addr)
            .and_then(|i| program.nodes.get(&Node::Resource(module, i as u32)));
        let named = node.map(|id| program.graph.dependencies(*id));
        named
            .into_iter()
            .flatten()
            .any(|id| match program.graph.get(id) {
                Some(Node::Resource(m, i)) => {
                    program.resource(*m, *i).addr.mode == Mode::Managed
                        && pending.contains(&program.config_resource(*m, *i))
                }
                _ => false,
            })
    }

    fn statics_of(
        &self,
        module: ModuleId,
        resource: &configs::Resource,
    ) -> std::sync::Arc<[ConfigResource]> {
        let index = self
            .round
            .program
            .module(module)
            .module
            .resources
            .get_index_of(&resource.addr);
        index.map_or_else(
            || [].into(),
            |i| self.statics.dependencies(module, i as u32),
        )
    }

    fn names_pending(
        &self,
        module: ModuleId,
        expr: &hcl::Expr,
        pending: &BTreeSet<ConfigResource>,
    ) -> bool {
        let program = self.round.program;
        let Some(traversal) = expr.as_traversal() else {
            return false;
        };
        match Target::of(traversal, program.module(module).module) {
            Ok(Target::Resource(i, _)) => {
                let all = program
                    .nodes
                    .get(&Node::Resource(module, i))
                    .map(|id| program.graph.all_dependencies([*id]));
                pending.contains(&program.config_resource(module, i))
                    || all
                        .into_iter()
                        .flatten()
                        .any(|id| match program.graph.get(id) {
                            Some(Node::Resource(m, i))
                                if program.resource(*m, *i).addr.mode == Mode::Managed =>
                            {
                                pending.contains(&program.config_resource(*m, *i))
                            }
                            _ => false,
                        })
            }
            Ok(Target::Call(i)) => {
                let Some(child) = program.module(module).children[i as usize] else {
                    return false;
                };
                let path = &program.module(child).path;
                pending.iter().any(|r| r.module.0.starts_with(&path.0))
            }
            _ => false,
        }
    }
}
