//! One instance of a `data` block.

use super::managed::at;
use super::planner::{Found, FoundChange, Planner};
use crate::hooks::object_id;
use crate::resources::ObjectValue;
use addrs::{ConfigResource, Mode};
use cty::Value;
use diags::Diagnostics;
use lang::{ModuleId, Node, Slot, Target};
use plans::{Action, ActionReason};

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
        } else if self.waits_for_change(module, resource) {
            Some(ActionReason::ReadBecauseDependencyPending)
        } else {
            None
        };
        if let Some(reason) = later {
            let after = call.plan_data(&decoded.config);
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
        let _permit = self.permits.acquire().await;
        let problems = call.validate(Mode::Data, &decoded.config).await;
        if problems.has_errors() {
            return Err(at(problems, resource));
        }
        self.report(at(problems, resource));
        self.round.hooks.read_start(&slot.addr);
        let (value, warnings) = call
            .read_data(&decoded.config)
            .await
            .map_err(|d| at(d, resource))?;
        self.round
            .hooks
            .read_done(&slot.addr, object_id(&value).as_deref());
        self.report(at(warnings, resource));
        found.now = Some(ObjectValue {
            value: value.clone(),
            private: [].into(),
        });
        self.add(found, Some(slot.id));
        self.check(resource, slot, Some(&value))?;
        Ok(value)
    }

    /// Whether something that the block explicitly depends on, itself or through its module's call,
    /// will change; with conditions, whether anything that it depends on will.
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
        pending: &std::collections::BTreeSet<ConfigResource>,
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
