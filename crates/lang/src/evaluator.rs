//! Values on demand, each computed once.

mod expanding;

use crate::instances::{CallExpansion, Expansion, InstId, ModuleInst, Slot, SlotId, SlotValue};
use crate::scope::EvalScope;
use crate::settings::{Schemas, Settings};
use crate::variables::{child_variable, root_variable};
use crate::{CheckOutcome, ModuleId, Node, Program, RepetitionData};
use addrs::ModuleInstance;
use configs::Repetition;
use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics};
use hcl::{Env, Expr};
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// Something that an evaluation read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dep {
    /// An instance of a resource.
    Slot(SlotId),
    /// What many read together: see [`Evaluator::group`].
    Group(u32),
}

/// A value, and what it was computed from.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// The value; `None`: it could not be computed, and that was reported or will be.
    pub value: Option<Value>,
    /// What it was computed from.
    pub deps: Rc<[Dep]>,
    /// What it was computed from, as one dependency.
    pub(crate) group: Option<Dep>,
}

/// What an attempt came to and what it read, or what has to be computed before.
pub(crate) type Attempted<T> = Result<(T, Rc<[Dep]>), Vec<Want>>;

/// Computes the values of a program, each once.
pub struct Evaluator<'c> {
    /// The program.
    pub program: &'c Program<'c>,
    /// What it was made with.
    pub settings: Settings,
    pub(crate) schemas: &'c dyn Schemas,
    insts: RefCell<Vec<Rc<ModuleInst>>>,
    by_def: RefCell<Vec<Vec<InstId>>>,
    slots: RefCell<Vec<Rc<Slot>>>,
    groups: RefCell<Vec<Rc<[Dep]>>>,
    diags: RefCell<Diagnostics>,
    checks: RefCell<Vec<CheckOutcome>>,
}

/// A value that an evaluation wants and that is not computed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Want {
    pub(crate) inst: InstId,
    pub(crate) node: Node,
}

impl<'c> Evaluator<'c> {
    /// An evaluator in which nothing has been computed yet.
    pub fn new(program: &'c Program<'c>, schemas: &'c dyn Schemas, settings: Settings) -> Self {
        let evaluator = Self {
            program,
            settings,
            schemas,
            insts: RefCell::default(),
            by_def: RefCell::new(vec![Vec::new(); program.modules.len()]),
            slots: RefCell::default(),
            groups: RefCell::default(),
            diags: RefCell::default(),
            checks: RefCell::default(),
        };
        evaluator.add_inst(
            ModuleId(0),
            ModuleInstance::root(),
            None,
            (RepetitionData::None, Rc::new([])),
        );
        evaluator
    }

    // ---- instances

    fn add_inst(
        &self,
        def: ModuleId,
        addr: ModuleInstance,
        parent: Option<InstId>,
        (data, expanded_by): (RepetitionData, Rc<[Dep]>),
    ) -> InstId {
        let module = self.program.module(def).module;
        let cells = |n: usize| (0..n).map(|_| OnceCell::new()).collect();
        let id = InstId(self.insts.borrow().len() as u32);
        self.by_def.borrow_mut()[def.0 as usize].push(id);
        self.insts.borrow_mut().push(Rc::new(ModuleInst {
            id,
            def,
            addr,
            parent,
            data,
            expanded_by,
            variables: cells(module.variables.len()),
            locals: cells(module.locals.len()),
            outputs: cells(module.outputs.len()),
            resources: (0..module.resources.len())
                .map(|_| OnceCell::new())
                .collect(),
            calls: (0..module.calls.len()).map(|_| OnceCell::new()).collect(),
        }));
        id
    }

    /// A module instance by number.
    pub fn inst(&self, id: InstId) -> Rc<ModuleInst> {
        self.insts.borrow()[id.0 as usize].clone()
    }

    /// The module instance at an address, if the configuration makes it; calls on the way are expanded.
    pub fn find_inst(&self, addr: &ModuleInstance) -> Option<Rc<ModuleInst>> {
        let mut inst = self.inst(InstId(0));
        for step in addr.0.iter() {
            let calls = &self.program.module(inst.def).module.calls;
            let expansion = self.expand_call(&inst, calls.get_index_of(&step.name)? as u32)?;
            inst = self.inst(expansion.instance(&step.key)?);
        }
        Some(inst)
    }

    /// The instances of a module that exist so far (all of them, once its calls are expanded).
    pub fn insts_of(&self, def: ModuleId) -> Vec<Rc<ModuleInst>> {
        self.by_def.borrow()[def.0 as usize]
            .iter()
            .map(|id| self.inst(*id))
            .collect()
    }

    /// A resource instance by number.
    pub fn slot(&self, id: SlotId) -> Rc<Slot> {
        self.slots.borrow()[id.0 as usize].clone()
    }

    /// How many resource instances there are so far.
    pub fn slot_count(&self) -> usize {
        self.slots.borrow().len()
    }

    /// Puts the object of a resource instance in, for whoever reads it from now on.
    pub fn set_instance(&self, slot: SlotId, value: SlotValue) {
        *self.slots.borrow()[slot.0 as usize].value.borrow_mut() = value;
    }

    /// The members of a group of dependencies.
    pub fn group(&self, index: u32) -> Rc<[Dep]> {
        self.groups.borrow()[index as usize].clone()
    }

    /// How many groups there are.
    pub fn group_count(&self) -> usize {
        self.groups.borrow().len()
    }

    /// Several dependencies as one; `None` if there are none.
    pub fn add_group(&self, members: Rc<[Dep]>) -> Option<Dep> {
        match &*members {
            [] => None,
            [one] => Some(*one),
            _ => {
                let mut groups = self.groups.borrow_mut();
                groups.push(members);
                Some(Dep::Group(groups.len() as u32 - 1))
            }
        }
    }

    // ---- what came out

    /// The problems found since this was last asked.
    pub fn take_diagnostics(&self) -> Diagnostics {
        std::mem::take(&mut self.diags.borrow_mut())
    }

    /// The outcomes of variables' and outputs' checks found since this was last asked.
    pub fn take_checks(&self) -> Vec<CheckOutcome> {
        std::mem::take(&mut self.checks.borrow_mut())
    }

    pub(crate) fn report(&self, diags: impl IntoIterator<Item = Diagnostic>) {
        self.diags.borrow_mut().append(diags);
    }

    pub(crate) fn record_check(&self, outcome: CheckOutcome) {
        self.checks.borrow_mut().push(outcome);
    }

    // ---- asking

    /// An input variable's value.
    pub fn variable(&self, inst: &ModuleInst, index: u32) -> Evaluated {
        self.fill(Want {
            inst: inst.id,
            node: Node::Variable(inst.def, index),
        });
        inst.variables[index as usize]
            .get()
            .cloned()
            .unwrap_or_else(Evaluated::failed)
    }

    /// A local value.
    pub fn local(&self, inst: &ModuleInst, index: u32) -> Evaluated {
        self.fill(Want {
            inst: inst.id,
            node: Node::Local(inst.def, index),
        });
        inst.locals[index as usize]
            .get()
            .cloned()
            .unwrap_or_else(Evaluated::failed)
    }

    /// An output value.
    pub fn output(&self, inst: &ModuleInst, index: u32) -> Evaluated {
        self.fill(Want {
            inst: inst.id,
            node: Node::Output(inst.def, index),
        });
        inst.outputs[index as usize]
            .get()
            .cloned()
            .unwrap_or_else(Evaluated::failed)
    }

    /// The instances of a resource; `None`: they could not be told, and that was reported.
    pub fn expand_resource(&self, inst: &ModuleInst, index: u32) -> Option<Rc<Expansion>> {
        self.fill(Want {
            inst: inst.id,
            node: Node::Resource(inst.def, index),
        });
        inst.resources[index as usize]
            .get()
            .and_then(|r| r.as_ref().ok())
            .cloned()
    }

    /// The instances of a module call; `None`: they could not be told, and that was reported.
    pub fn expand_call(&self, inst: &ModuleInst, index: u32) -> Option<Rc<CallExpansion>> {
        self.fill(Want {
            inst: inst.id,
            node: Node::Call(inst.def, index),
        });
        inst.calls[index as usize]
            .get()
            .and_then(|r| r.as_ref().ok())
            .cloned()
    }

    /// Evaluates something in a module instance: `work` gets the environment. Values it needs are
    /// computed first, so `work` may run more than once; its result of the last time counts.
    /// `Err` without a diagnostic: something it needs has failed, and that was reported.
    pub fn evaluate<T>(
        &self,
        inst: &ModuleInst,
        data: &RepetitionData,
        self_value: Option<&Value>,
        mut work: impl FnMut(&Env<'_>) -> Result<T, Diagnostics>,
    ) -> (Result<T, Diagnostics>, Rc<[Dep]>) {
        loop {
            let scope = EvalScope::new(self, inst, data, self_value);
            let result = work(&Env::new(&scope));
            let attempt = scope.finish();
            if attempt.wants.is_empty() {
                let result = if attempt.poisoned {
                    Err(Diagnostics::new())
                } else {
                    result
                };
                return (result, attempt.deps);
            }
            for want in attempt.wants {
                self.fill(want);
            }
        }
    }

    /// Evaluates one expression; see [`Evaluator::evaluate`].
    pub fn expr(
        &self,
        inst: &ModuleInst,
        data: &RepetitionData,
        expr: &Expr,
    ) -> (Result<Value, Diagnostics>, Rc<[Dep]>) {
        self.evaluate(inst, data, None, |env| expr.evaluate(env))
    }

    // ---- computing

    /// Computes a value and, before it, whatever it needs; iterative, so that a chain of any length
    /// is fine. The program has no cycles.
    fn fill(&self, want: Want) {
        let mut stack = vec![want];
        while let Some(top) = stack.last().copied() {
            if self.is_filled(top) {
                stack.pop();
                continue;
            }
            let wants = self.compute(top);
            if wants.is_empty() {
                debug_assert!(self.is_filled(top));
                stack.pop();
            } else {
                stack.extend(wants);
            }
        }
    }

    pub(crate) fn is_filled(&self, want: Want) -> bool {
        let insts = self.insts.borrow();
        let inst = &insts[want.inst.0 as usize];
        match want.node {
            Node::Variable(_, i) => inst.variables[i as usize].get().is_some(),
            Node::Local(_, i) => inst.locals[i as usize].get().is_some(),
            Node::Output(_, i) => inst.outputs[i as usize].get().is_some(),
            Node::Resource(_, i) => inst.resources[i as usize].get().is_some(),
            Node::Call(_, i) => inst.calls[i as usize].get().is_some(),
            Node::CallDone(..) | Node::Provider(..) => true,
        }
    }

    /// Tries to compute a value; answers what has to be computed before.
    fn compute(&self, want: Want) -> Vec<Want> {
        let inst = self.inst(want.inst);
        let module = self.program.module(inst.def).module;
        match want.node {
            Node::Variable(_, i) => {
                let variable = &module.variables[i as usize];
                let computed = match inst.parent {
                    None => root_variable(self, &inst, i, variable),
                    Some(parent) => child_variable(self, &inst, &self.inst(parent), i, variable),
                };
                self.store(computed, &inst.variables[i as usize])
            }
            Node::Local(_, i) => {
                let local = &module.locals[i as usize];
                let computed =
                    self.attempt(&inst, &RepetitionData::None, |env| local.expr.evaluate(env));
                self.store(
                    computed.map(|done| self.evaluated(done)),
                    &inst.locals[i as usize],
                )
            }
            Node::Output(_, i) => {
                let output = &module.outputs[i as usize];
                self.store(
                    crate::checks::output(self, &inst, output),
                    &inst.outputs[i as usize],
                )
            }
            Node::Resource(_, i) => self.compute_expansion(&inst, i),
            Node::Call(_, i) => self.compute_call(&inst, i),
            Node::CallDone(..) | Node::Provider(..) => Vec::new(),
        }
    }

    fn store(
        &self,
        computed: Result<Evaluated, Vec<Want>>,
        cell: &OnceCell<Evaluated>,
    ) -> Vec<Want> {
        match computed {
            Ok(evaluated) => {
                let _ = cell.set(evaluated);
                Vec::new()
            }
            Err(wants) => wants,
        }
    }

    /// One attempt at an evaluation.
    pub(crate) fn attempt<T>(
        &self,
        inst: &ModuleInst,
        data: &RepetitionData,
        work: impl FnOnce(&Env<'_>) -> Result<T, Diagnostics>,
    ) -> Attempted<Result<T, Diagnostics>> {
        self.attempt_with(inst, data, None, work)
    }

    /// One attempt at an evaluation in which a variable has a value that is not stored yet.
    pub(crate) fn attempt_with<T>(
        &self,
        inst: &ModuleInst,
        data: &RepetitionData,
        own: Option<(u32, &Value)>,
        work: impl FnOnce(&Env<'_>) -> Result<T, Diagnostics>,
    ) -> Attempted<Result<T, Diagnostics>> {
        let mut scope = EvalScope::new(self, inst, data, None);
        scope.own = own;
        let result = work(&Env::new(&scope));
        let attempt = scope.finish();
        if !attempt.wants.is_empty() {
            return Err(attempt.wants);
        }
        Ok((
            if attempt.poisoned {
                Err(Diagnostics::new())
            } else {
                result
            },
            attempt.deps,
        ))
    }

    /// Reports what went wrong and keeps the rest.
    pub(crate) fn evaluated(
        &self,
        (result, deps): (Result<Value, Diagnostics>, Rc<[Dep]>),
    ) -> Evaluated {
        let value = match result {
            Ok(value) => Some(value),
            Err(diags) => {
                self.report(diags);
                None
            }
        };
        let group = self.add_group(deps.clone());
        Evaluated { value, deps, group }
    }

    /// What `count` and `each` stand for while validating.
    pub(crate) fn placeholder(&self, repetition: &Repetition) -> RepetitionData {
        match repetition {
            Repetition::Single => RepetitionData::None,
            Repetition::Count(_) => RepetitionData::Count(Value::unknown(Type::Number)),
            Repetition::ForEach(_) => {
                RepetitionData::Each(Value::unknown(Type::String), Value::dynamic())
            }
        }
    }
}

/// Dependencies and further ones.
pub(crate) fn with(deps: Rc<[Dep]>, more: &Rc<[Dep]>) -> Rc<[Dep]> {
    match (deps.is_empty(), more.is_empty()) {
        (_, true) => deps,
        (true, _) => more.clone(),
        _ => deps.iter().chain(more.iter()).copied().collect(),
    }
}

impl Evaluated {
    /// A value that could not be computed.
    pub(crate) fn failed() -> Self {
        Self {
            value: None,
            deps: Rc::new([]),
            group: None,
        }
    }
}
