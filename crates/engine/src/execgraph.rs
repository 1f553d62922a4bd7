//! A plan's changes as operations, and which must end before which may begin: a table.
//!
//! What creates or changes an object waits for exactly the instances that its evaluation read. What
//! destroys an object waits for the destruction of everything that, by the state, depended on it; an
//! object that is replaced by a new one first is destroyed after whoever used it has moved to the new
//! one. Groups and gates keep the table linear: a thousand instances that wait for a thousand others
//! meet at one gate.

use addrs::{AbsResourceInstance, ConfigResource};
use plans::{Action, Dependency, Plan, ResourceChange};
use states::{Object, State};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// What an operation does; numbers are indices into the plan's changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Creates or updates the object.
    Apply(u32),
    /// Destroys the object.
    Destroy(u32),
    /// Destroys the object that a replacement has put aside.
    DestroyReplaced(u32),
    /// Reads the data source.
    Read(u32),
    /// Drops the object from the state.
    Forget(u32),
    /// Checks the conditions of an object that does not change.
    Check(u32),
    /// Does nothing; whoever waits for it waits for all that it waits for.
    Gate,
}

/// Operations in a table. Every row waits only for others that are in the table too.
#[derive(Clone, Debug, Default)]
pub struct ExecGraph {
    /// The operations.
    pub ops: Vec<Op>,
    /// For each operation, those that must end before it.
    pub waits: Vec<Vec<u32>>,
}

/// Makes the table of a plan. `conditions` says whether an instance's block has any, so that they are
/// checked even if the object does not change.
pub fn build(plan: &Plan, conditions: &dyn Fn(&AbsResourceInstance) -> bool) -> ExecGraph {
    let mut builder = Builder {
        plan,
        graph: ExecGraph::default(),
        ready: vec![None; plan.changes.len()],
        destroy: vec![None; plan.changes.len()],
        groups: Vec::new(),
        users: BTreeMap::new(),
    };
    builder.add_ops(conditions);
    builder.wait_for_values();
    builder.order_destruction();
    builder.graph.dedup();
    builder.graph
}

impl ExecGraph {
    fn push(&mut self, op: Op) -> u32 {
        self.ops.push(op);
        self.waits.push(Vec::new());
        self.ops.len() as u32 - 1
    }

    fn wait(&mut self, op: u32, before: u32) {
        if op != before {
            self.waits[op as usize].push(before);
        }
    }

    fn dedup(&mut self) {
        for waits in &mut self.waits {
            waits.sort_unstable();
            waits.dedup();
        }
    }

    /// How many operations there are, gates aside.
    pub fn operations(&self) -> usize {
        self.ops
            .iter()
            .filter(|op| !matches!(op, Op::Gate | Op::Check(_)))
            .count()
    }

    /// The table as text: one line per operation, gates resolved.
    pub fn render(&self, plan: &Plan) -> String {
        use fmt::Write as _;
        let mut out = String::new();
        for (i, op) in self.ops.iter().enumerate() {
            if *op == Op::Gate {
                continue;
            }
            let mut before: Vec<String> = self
                .behind_gates(i as u32)
                .into_iter()
                .map(|b| self.name(b, plan))
                .collect();
            before.sort();
            let _ = write!(out, "{}", self.name(i as u32, plan));
            if !before.is_empty() {
                let _ = write!(out, "  after {}", before.join(", "));
            }
            out.push('\n');
        }
        out
    }

    fn behind_gates(&self, op: u32) -> BTreeSet<u32> {
        let mut seen = BTreeSet::new();
        let mut stack = self.waits[op as usize].clone();
        let mut found = BTreeSet::new();
        while let Some(next) = stack.pop() {
            if !seen.insert(next) {
                continue;
            }
            if self.ops[next as usize] == Op::Gate {
                stack.extend(&self.waits[next as usize]);
            } else {
                found.insert(next);
            }
        }
        found
    }

    fn name(&self, op: u32, plan: &Plan) -> String {
        let change = |i: u32| &plan.changes[i as usize];
        match self.ops[op as usize] {
            Op::Apply(i) if change(i).change.action == Action::Update => {
                format!("update {}", change(i).addr)
            }
            Op::Apply(i) => format!("create {}", change(i).addr),
            Op::Destroy(i) => match &change(i).deposed {
                Some(key) => format!("destroy {} (deposed {key})", change(i).addr),
                None => format!("destroy {}", change(i).addr),
            },
            Op::DestroyReplaced(i) => format!("destroy {} (replaced)", change(i).addr),
            Op::Read(i) => format!("read {}", change(i).addr),
            Op::Forget(i) => format!("forget {}", change(i).addr),
            Op::Check(i) => format!("check {}", change(i).addr),
            Op::Gate => "gate".into(),
        }
    }
}

struct Builder<'p> {
    plan: &'p Plan,
    graph: ExecGraph,
    /// The operation after which a change's value is there.
    ready: Vec<Option<u32>>,
    /// The operation that destroys a change's old object.
    destroy: Vec<Option<u32>>,
    /// The gates of the plan's groups, where anything is behind them.
    groups: Vec<Option<u32>>,
    /// Who waits for a change or group directly.
    users: BTreeMap<Dependency, Vec<Dependency>>,
}

impl Builder<'_> {
    fn add_ops(&mut self, conditions: &dyn Fn(&AbsResourceInstance) -> bool) {
        for (i, change) in (0u32..).zip(&self.plan.changes) {
            let at = i as usize;
            match change.change.action {
                Action::NoOp if change.deposed.is_none() && conditions(&change.addr) => {
                    self.ready[at] = Some(self.graph.push(Op::Check(i)));
                }
                Action::NoOp => {}
                Action::Create | Action::Update => {
                    self.ready[at] = Some(self.graph.push(Op::Apply(i)));
                }
                Action::Read => self.ready[at] = Some(self.graph.push(Op::Read(i))),
                Action::Delete => self.destroy[at] = Some(self.graph.push(Op::Destroy(i))),
                Action::Forget => drop(self.graph.push(Op::Forget(i))),
                Action::DeleteThenCreate => {
                    let destroy = self.graph.push(Op::Destroy(i));
                    let create = self.graph.push(Op::Apply(i));
                    self.graph.wait(create, destroy);
                    (self.destroy[at], self.ready[at]) = (Some(destroy), Some(create));
                }
                Action::CreateThenDelete => {
                    let create = self.graph.push(Op::Apply(i));
                    let destroy = self.graph.push(Op::DestroyReplaced(i));
                    self.graph.wait(destroy, create);
                    (self.destroy[at], self.ready[at]) = (Some(destroy), Some(create));
                }
            }
        }
    }

    /// Whoever needs a value waits until it is there.
    fn wait_for_values(&mut self) {
        for (g, members) in (0u32..).zip(&self.plan.groups) {
            let before: Vec<u32> = members.iter().filter_map(|d| self.op_of(*d)).collect();
            let gate = (!before.is_empty()).then(|| {
                let gate = self.graph.push(Op::Gate);
                for op in before {
                    self.graph.wait(gate, op);
                }
                gate
            });
            self.groups.push(gate);
            for member in members {
                self.users
                    .entry(*member)
                    .or_default()
                    .push(Dependency::Group(g));
            }
        }
        for (i, change) in (0u32..).zip(&self.plan.changes) {
            for dependency in &change.depends_on {
                self.users
                    .entry(*dependency)
                    .or_default()
                    .push(Dependency::Change(i));
                if let (Some(op), Some(before)) = (self.ready[i as usize], self.op_of(*dependency))
                {
                    self.graph.wait(op, before);
                }
            }
        }
    }

    fn op_of(&self, dependency: Dependency) -> Option<u32> {
        match dependency {
            Dependency::Change(i) => self.ready.get(i as usize).copied().flatten(),
            Dependency::Group(g) => self.groups.get(g as usize).copied().flatten(),
        }
    }

    fn order_destruction(&mut self) {
        let mut gates = Gates::new(self.plan, &self.destroy, &self.ready, &mut self.graph);
        for (i, change) in self.plan.changes.iter().enumerate() {
            let stored = stored(&self.plan.prior_state, change);
            let config = change.addr.config();
            // The old object goes after the old objects that depended on it.
            if let Some(destroy) = self.destroy[i] {
                if let Some(gate) = gates.may_destroy(&config, &mut self.graph) {
                    self.graph.wait(destroy, gate);
                }
                let late = change.change.action == Action::CreateThenDelete
                    || change.deposed.is_some()
                    || stored.is_some_and(|o| o.create_before_destroy);
                if late && let Some(gate) = gates.moved_on(&config, &mut self.graph) {
                    self.graph.wait(destroy, gate);
                }
            }
            // The new state of an object comes after the destruction of what its old state depended on.
            if let (Some(ready), Some(stored)) = (self.ready[i], stored)
                && change.deposed.is_none()
            {
                for needed in stored.dependencies.iter() {
                    if let Some(gate) = gates.destroyed_early(needed) {
                        self.graph.wait(ready, gate);
                    }
                }
            }
        }
        self.destroy_replaced_after_users();
    }

    /// An object that was replaced goes after everybody who used it uses the new one.
    fn destroy_replaced_after_users(&mut self) {
        let mut after_users: BTreeMap<Dependency, u32> = BTreeMap::new();
        let replaced: Vec<u32> = (0u32..)
            .zip(&self.plan.changes)
            .filter(|(_, c)| c.change.action == Action::CreateThenDelete)
            .map(|(i, _)| i)
            .collect();
        for i in replaced {
            let Some(destroy) = self.destroy[i as usize] else {
                continue;
            };
            let gate = self.users_gate(Dependency::Change(i), &mut after_users);
            self.graph.wait(destroy, gate);
        }
    }

    /// A gate behind which everybody is who uses something, directly or through groups; one per thing.
    fn users_gate(&mut self, of: Dependency, gates: &mut BTreeMap<Dependency, u32>) -> u32 {
        let mut stack = vec![of];
        while let Some(at) = stack.pop() {
            if gates.contains_key(&at) {
                continue;
            }
            let gate = self.graph.push(Op::Gate);
            gates.insert(at, gate);
            for user in self.users.get(&at).into_iter().flatten() {
                if let Dependency::Group(_) = user {
                    stack.push(*user);
                }
            }
        }
        // Gates exist now for everything reachable: connect those that are new.
        let reachable: Vec<Dependency> = gates.keys().copied().collect();
        for at in reachable {
            let gate = gates[&at];
            if !self.graph.waits[gate as usize].is_empty() {
                continue;
            }
            let users = self.users.get(&at).cloned().unwrap_or_default();
            for user in users {
                let before = match user {
                    Dependency::Change(i) => self.ready[i as usize],
                    group @ Dependency::Group(_) => gates.get(&group).copied(),
                };
                if let Some(before) = before {
                    self.graph.wait(gate, before);
                }
            }
        }
        gates[&of]
    }
}

/// Gates between the blocks of objects that are destroyed.
struct Gates {
    /// All old objects of a block are destroyed.
    destroyed: BTreeMap<ConfigResource, u32>,
    /// All old objects of a block are destroyed that go before anything new comes.
    early: BTreeMap<ConfigResource, u32>,
    /// All new objects of a block are there.
    applied: BTreeMap<ConfigResource, u32>,
    /// By the state, who depends on a block.
    dependents: BTreeMap<ConfigResource, BTreeSet<ConfigResource>>,
    may_destroy: BTreeMap<ConfigResource, Option<u32>>,
    moved_on: BTreeMap<ConfigResource, Option<u32>>,
}

impl Gates {
    fn new(
        plan: &Plan,
        destroy: &[Option<u32>],
        ready: &[Option<u32>],
        graph: &mut ExecGraph,
    ) -> Self {
        let mut gates = Self {
            destroyed: BTreeMap::new(),
            early: BTreeMap::new(),
            applied: BTreeMap::new(),
            dependents: BTreeMap::new(),
            may_destroy: BTreeMap::new(),
            moved_on: BTreeMap::new(),
        };
        // Instances of a block share their list of dependencies: each list is looked at once.
        let mut seen: BTreeSet<(ConfigResource, *const ConfigResource)> = BTreeSet::new();
        for (i, change) in plan.changes.iter().enumerate() {
            let config = change.addr.config();
            let stored = stored(&plan.prior_state, change);
            if let Some(op) = destroy[i] {
                let gate = *gates
                    .destroyed
                    .entry(config.clone())
                    .or_insert_with(|| graph.push(Op::Gate));
                graph.wait(gate, op);
                let late = change.change.action == Action::CreateThenDelete
                    || change.deposed.is_some()
                    || stored.is_some_and(|o| o.create_before_destroy);
                if !late {
                    let gate = *gates
                        .early
                        .entry(config.clone())
                        .or_insert_with(|| graph.push(Op::Gate));
                    graph.wait(gate, op);
                }
            }
            if let Some(op) = ready[i] {
                let gate = *gates
                    .applied
                    .entry(config.clone())
                    .or_insert_with(|| graph.push(Op::Gate));
                graph.wait(gate, op);
            }
            if let Some(stored) = stored
                && seen.insert((config.clone(), stored.dependencies.as_ptr()))
            {
                for needed in stored.dependencies.iter() {
                    gates
                        .dependents
                        .entry(needed.clone())
                        .or_default()
                        .insert(config.clone());
                }
            }
        }
        gates
    }

    /// Behind it: the destruction of everything that depended on a block.
    fn may_destroy(&mut self, config: &ConfigResource, graph: &mut ExecGraph) -> Option<u32> {
        if let Some(gate) = self.may_destroy.get(config) {
            return *gate;
        }
        let before: Vec<u32> = self
            .dependents_of(config)
            .filter_map(|d| self.destroyed.get(d).copied())
            .collect();
        let gate = gate(before, graph);
        self.may_destroy.insert(config.clone(), gate);
        gate
    }

    /// Behind it: the new state of everything that depended on a block.
    fn moved_on(&mut self, config: &ConfigResource, graph: &mut ExecGraph) -> Option<u32> {
        if let Some(gate) = self.moved_on.get(config) {
            return *gate;
        }
        let before: Vec<u32> = self
            .dependents_of(config)
            .filter_map(|d| self.applied.get(d).copied())
            .collect();
        let gate = gate(before, graph);
        self.moved_on.insert(config.clone(), gate);
        gate
    }

    fn destroyed_early(&self, config: &ConfigResource) -> Option<u32> {
        self.early.get(config).copied()
    }

    fn dependents_of<'a>(
        &'a self,
        config: &'a ConfigResource,
    ) -> impl Iterator<Item = &'a ConfigResource> {
        self.dependents
            .get(config)
            .into_iter()
            .flatten()
            .filter(move |d| *d != config)
    }
}

fn gate(before: Vec<u32>, graph: &mut ExecGraph) -> Option<u32> {
    if before.is_empty() {
        return None;
    }
    let gate = graph.push(Op::Gate);
    for op in before {
        graph.wait(gate, op);
    }
    Some(gate)
}

/// The object in the state that a change is about.
pub(crate) fn stored<'s>(state: &'s State, change: &ResourceChange) -> Option<&'s Arc<Object>> {
    let instance = state.instance(&change.addr)?;
    match &change.deposed {
        Some(key) => instance.deposed.get(key),
        None => instance.current.as_ref(),
    }
}
