//! A plan, made of what was found.

use super::planner::{Found, Planner, check_results};
use crate::check_blocks;
use addrs::{ConfigResource, Mode};
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use lang::{Dep, InstId, Node, SlotId};
use plans::{Action, Change, Dependency, OutputChange, Plan, ResourceChange, VariableValue};
use states::{Object, ObjectStatus, OutputValue, State};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Planner<'_> {
    pub(crate) fn finish(
        self,
        outputs: Vec<OutputChange>,
        lineage: &Arc<str>,
        serial: u64,
    ) -> (Plan, Diagnostics) {
        self.report([]);
        let mut found = self.found.take();
        let order = sorted(&found);
        let (mut prior_state, upgraded_state) = self.states(&mut found);
        self.settle_outputs(&mut prior_state);
        let mut diags = self.diags.take();
        let changes = self.changes(&found, &order);
        let drift = self.drift(&found, &order);
        let by_slot = self.by_slot.take();
        let positions = change_positions(&found, &order, &by_slot);
        let (changes, groups) = self.dependencies(changes, &found, &order, &positions);
        if self.stopped.get() {
            diags.push(Diagnostic::error(
                "Planning was interrupted",
                "The plan is not complete.",
            ));
        }
        let relevant_attributes = match diags.has_errors() {
            true => Vec::new(),
            false => self.relevant_attributes(&changes, &outputs),
        };
        let mut checks = check_results(&self.checks.take());
        check_blocks::list_all(self.round, self.included.is_some(), &mut checks);
        let options = &self.round.options;
        let has_changes = changes.iter().any(|c| {
            c.change.action != Action::NoOp
                || c.change.importing.is_some()
                || c.addr != c.prev_run_addr
        });
        let output_changes = outputs.iter().any(|o| o.change.action != Action::NoOp);
        let applyable = match options.mode {
            plans::Mode::Normal => has_changes || output_changes,
            plans::Mode::Destroy => has_changes || output_changes,
            plans::Mode::RefreshOnly => {
                prior_state.resources != upgraded_state.resources || output_changes
            }
        };
        let plan = Plan {
            mode: options.mode,
            variables: self.variables(),
            apply_time_variables: self.apply_time_variables(),
            changes,
            groups,
            drift,
            outputs,
            targets: texts(&options.targets),
            excludes: texts(&options.excludes),
            force_replace: texts(&options.force_replace),
            prior_state,
            prev_run_state: upgraded_state,
            lineage: lineage.clone(),
            serial,
            timestamp: self.round.surroundings.timestamp.clone(),
            relevant_attributes,
            errored: false,
            applyable,
            complete: options.targets.is_empty() && options.excludes.is_empty(),
            checks,
            workspace: self.round.surroundings.workspace.clone(),
        };
        (plan, diags)
    }

    /// What an object remembers as its dependencies after planning: those of the configuration if nothing
    /// is to be done to it; if it is to be changed, those it had too, until it was.
    fn dependencies_now(
        &self,
        found: &Found,
        stored: Option<&Arc<[ConfigResource]>>,
    ) -> Arc<[ConfigResource]> {
        let settled = found
            .change
            .as_ref()
            .is_some_and(|c| c.action == Action::NoOp);
        match stored {
            Some(stored) if !settled && !self.round.options.refresh => stored.clone(),
            Some(stored) if !settled && **stored != *found.dependencies => {
                let mut all: Vec<ConfigResource> = stored
                    .iter()
                    .chain(found.dependencies.iter())
                    .cloned()
                    .collect();
                all.sort_by_cached_key(ToString::to_string);
                all.dedup();
                all.into()
            }
            _ => found.dependencies.clone(),
        }
    }

    /// The prior state has the outputs that are known by now, and no results of checks yet.
    fn settle_outputs(&self, state: &mut State) {
        state.checks = None;
        if self.round.options.mode == plans::Mode::Destroy {
            return;
        }
        let root = self.evaluator.inst(InstId(0));
        let module = self.round.program.module(root.def).module;
        for (i, output) in module.outputs.values().enumerate() {
            let node = self
                .round
                .program
                .nodes
                .get(&Node::Output(root.def, i as u32));
            if self
                .included
                .as_ref()
                .is_some_and(|set| node.is_none_or(|n| !set.nodes.contains(n)))
            {
                continue;
            }
            let Some(value) = self.evaluator.output(&root, i as u32).value else {
                continue;
            };
            let value = value.unmark_all();
            if !value.is_wholly_known() {
                continue;
            }
            if value.is_null() {
                state.outputs.remove(&output.name);
            } else {
                let sensitive = output.sensitive;
                state
                    .outputs
                    .insert(output.name.clone(), OutputValue { value, sensitive });
            }
        }
    }

    /// The ephemeral variables that have a value: it must be given again.
    fn apply_time_variables(&self) -> Vec<Arc<str>> {
        let declared = &self.round.program.config.module.variables;
        let given = self.round.inputs.keys();
        given
            .filter(|name| declared.get(*name).is_some_and(|v| v.ephemeral))
            .cloned()
            .collect()
    }

    fn variables(&self) -> BTreeMap<Arc<str>, VariableValue> {
        let declared = &self.round.program.config.module.variables;
        let kept = |name: &Arc<str>| declared.get(name).is_some_and(|v| !v.ephemeral);
        let given = self.round.inputs.iter().filter(|(name, _)| kept(name));
        given
            .map(|(name, value)| {
                (
                    name.clone(),
                    VariableValue {
                        value: value.clone(),
                    },
                )
            })
            .collect()
    }

    /// The state after refresh, and the state before it in the terms of the present schemas.
    fn states(&self, found: &mut [Found]) -> (State, State) {
        let mut prior = self.moved.state.clone();
        let mut previous = self.moved.state.clone();
        prior
            .resources
            .retain(|addr, _| addr.resource.mode == Mode::Managed || self.included.is_some());
        for object in found {
            let stored = object.stored.clone();
            let before = stored
                .as_ref()
                .map(|o| (o.dependencies.clone(), o.create_before_destroy));
            let upgraded = before.clone().and_then(|(dependencies, first)| {
                store(
                    object,
                    object.upgraded.as_ref(),
                    stored.as_ref(),
                    dependencies,
                    first,
                )
            });
            let dependencies = self.dependencies_now(object, before.as_ref().map(|b| &b.0));
            let known = upgraded.as_ref().or(stored.as_ref());
            let first = object.create_before_destroy;
            let now = store(object, object.now.as_ref(), known, dependencies, first);
            match &object.deposed {
                Some(key) => {
                    prior.set_deposed(&object.addr, &object.provider, key, now);
                    previous.set_deposed(&object.addr, &object.provider, key, upgraded);
                }
                None => {
                    prior.set_current(&object.addr, &object.provider, now);
                    if object.addr.resource.mode == Mode::Managed {
                        previous.set_current(&object.addr, &object.provider, upgraded);
                    }
                }
            }
        }
        (prior, previous)
    }

    fn changes(&self, found: &[Found], order: &[usize]) -> Vec<ResourceChange> {
        let with_change = order
            .iter()
            .filter_map(|i| found[*i].change.as_ref().map(|c| (&found[*i], c)));
        with_change
            .map(|(object, change)| ResourceChange {
                addr: object.addr.clone(),
                prev_run_addr: self.moved.previous(&object.addr),
                deposed: object.deposed.clone(),
                provider: object.provider.clone(),
                change: Change {
                    action: change.action,
                    before: change.before.clone(),
                    after: change.after.clone(),
                    importing: object.importing.clone(),
                    generated_config: object.generated_config.clone(),
                },
                reason: change.reason,
                required_replace: change.required_replace.clone(),
                private: change.private.clone(),
                depends_on: Vec::new(),
            })
            .collect()
    }

    /// What changed outside: objects that are not as they were stored.
    fn drift(&self, found: &[Found], order: &[usize]) -> Vec<ResourceChange> {
        let mut drift = Vec::new();
        // Whatever changed outside, it goes.
        if super::is_destroy(self.round) {
            return drift;
        }
        for object in order.iter().map(|i| &found[*i]) {
            let Some(before) = &object.upgraded else {
                continue;
            };
            let previous = self.moved.previous(&object.addr);
            let (action, after) = match &object.now {
                None => (Action::Delete, Value::null(before.value.ty().clone())),
                Some(now)
                    if now.value.clone().unmark_all() != before.value.clone().unmark_all() =>
                {
                    (Action::Update, now.value.clone())
                }
                Some(now) if previous != object.addr => (Action::NoOp, now.value.clone()),
                Some(_) => continue,
            };
            drift.push(ResourceChange {
                addr: object.addr.clone(),
                prev_run_addr: previous,
                deposed: object.deposed.clone(),
                provider: object.provider.clone(),
                change: Change {
                    action,
                    before: before.value.clone(),
                    after,
                    importing: None,
                    generated_config: None,
                },
                reason: None,
                required_replace: Vec::new(),
                private: [].into(),
                depends_on: Vec::new(),
            });
        }
        drift
    }

    /// Gives each change what must be done before it.
    fn dependencies(
        &self,
        mut changes: Vec<ResourceChange>,
        found: &[Found],
        order: &[usize],
        positions: &BTreeMap<SlotId, u32>,
    ) -> (Vec<ResourceChange>, Vec<Vec<Dependency>>) {
        let of_ephemeral = self.ephemeral_groups();
        let translate = |deps: &[Dep]| -> Vec<Dependency> {
            deps.iter()
                .filter_map(|dep| match dep {
                    Dep::Slot(slot) => positions
                        .get(slot)
                        .map(|p| Dependency::Change(*p))
                        .or_else(|| of_ephemeral.get(slot).map(|g| Dependency::Group(*g))),
                    Dep::Group(group) => Some(Dependency::Group(*group)),
                })
                .collect()
        };
        let with_change = order.iter().filter(|i| found[**i].change.is_some());
        for (change, i) in changes.iter_mut().zip(with_change) {
            change.depends_on = translate(&found[*i].deps);
        }
        let mut groups: Vec<Vec<Dependency>> = (0..self.evaluator.group_count() as u32)
            .map(|g| translate(&self.evaluator.group(g)))
            .collect();
        let of_blocks = self.ephemeral_deps.borrow();
        groups.extend(of_blocks.values().map(|deps| {
            let deps: Vec<Dep> = deps.iter().copied().collect();
            translate(&deps)
        }));
        self.explicit_dependencies(&mut changes, &mut groups);
        (changes, groups)
    }

    /// Adds what `depends_on` names, of the block or of a call that it is in: a group for each block that has
    /// some, with the changes of all that is named.
    fn explicit_dependencies(
        &self,
        changes: &mut [ResourceChange],
        groups: &mut Vec<Vec<Dependency>>,
    ) {
        let mut of_block: BTreeMap<ConfigResource, Vec<u32>> = BTreeMap::new();
        for (i, change) in (0u32..).zip(&*changes) {
            if change.deposed.is_none() {
                of_block.entry(change.addr.config()).or_default().push(i);
            }
        }
        for (block, members) in &of_block {
            let mut before: Vec<Dependency> = Vec::new();
            for named in self.named_explicitly(block, &of_block) {
                let positions = of_block.get(&named).into_iter().flatten();
                before.extend(positions.map(|i| Dependency::Change(*i)));
            }
            if before.is_empty() {
                continue;
            }
            let group = Dependency::Group(groups.len() as u32);
            groups.push(before);
            for i in members {
                changes[*i as usize].depends_on.push(group);
            }
        }
    }

    /// The blocks that `depends_on` names, of a block or of the calls that it is in.
    fn named_explicitly(
        &self,
        block: &ConfigResource,
        all: &BTreeMap<ConfigResource, Vec<u32>>,
    ) -> BTreeSet<ConfigResource> {
        let program = self.round.program;
        let mut named = BTreeSet::new();
        let Some((module, index)) = program.find_resource(block) else {
            return named;
        };
        let resource = program.resource(module, index);
        let mut exprs: Vec<_> = resource.depends_on.iter().map(|e| (module, e)).collect();
        let mut parent = program.module(module).parent;
        while let Some((caller, call)) = parent {
            let call = &program.module(caller).module.calls[call as usize];
            exprs.extend(call.depends_on.iter().map(|e| (caller, e)));
            parent = program.module(caller).parent;
        }
        for (module, expr) in exprs {
            let Some(traversal) = expr.as_traversal() else {
                continue;
            };
            match lang::Target::of(traversal, program.module(module).module) {
                Ok(lang::Target::Resource(i, _)) => {
                    named.insert(program.config_resource(module, i));
                }
                Ok(lang::Target::Call(i)) => {
                    let child = program.module(module).children[i as usize];
                    let path = child.map(|child| &program.module(child).path);
                    let within = |r: &&ConfigResource| {
                        path.is_some_and(|path| r.module.0.starts_with(&path.0))
                    };
                    named.extend(all.keys().filter(within).cloned());
                }
                _ => {}
            }
        }
        named
    }
}

/// Addresses as they are kept in a plan.
fn texts(addresses: &[impl ToString]) -> Vec<Arc<str>> {
    addresses.iter().map(|a| a.to_string().into()).collect()
}

/// Positions of found objects in the order of addresses, former objects after the current one.
fn sorted(found: &[Found]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&found[*a], &found[*b]);
        (&a.addr, &a.deposed).cmp(&(&b.addr, &b.deposed))
    });
    order
}

/// Where in the plan's changes a resource instance is.
fn change_positions(
    found: &[Found],
    order: &[usize],
    by_slot: &BTreeMap<SlotId, usize>,
) -> BTreeMap<SlotId, u32> {
    let mut position = vec![None; found.len()];
    let with_change = order.iter().filter(|i| found[**i].change.is_some());
    for (p, i) in (0u32..).zip(with_change) {
        position[*i] = Some(p);
    }
    by_slot
        .iter()
        .filter_map(|(slot, i)| position[*i].map(|p| (*slot, p)))
        .collect()
}

/// An object as it is stored. What did not change is not encoded again.
fn store(
    found: &Found,
    value: Option<&crate::resources::ObjectValue>,
    stored: Option<&Arc<Object>>,
    dependencies: Arc<[ConfigResource]>,
    create_before_destroy: bool,
) -> Option<Arc<Object>> {
    let value = value?;
    let status = stored.map_or(ObjectStatus::Ready, |o| o.status);
    if let Some(object) = stored
        && let Some(upgraded) = &found.upgraded
        && upgraded == value
        && object.schema_version == found.schema_version
        && object.flatmap.is_none()
        && object.dependencies == dependencies
        && object.create_before_destroy == create_before_destroy
    {
        return Some(object.clone());
    }
    let mut object = Object::encode(&value.value, &found.ty).ok()?;
    object.schema_version = found.schema_version;
    object.private = value.private.clone();
    object.status = status;
    object.dependencies = dependencies;
    object.create_before_destroy = create_before_destroy;
    Some(Arc::new(object))
}
