//! The names around an expression in a module instance.

use crate::evaluator::{Dep, Evaluated, Evaluator, Want};
use crate::instances::{CallExpansion, Expansion, ModuleInst, Slot, SlotValue};
use crate::settings::Mode;
use crate::target::out_of_context;
use crate::{Keys, Node, RepetitionData, Target};
use addrs::InstanceKey;
use cty::{Marks, Type, Value};
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Env, Functions, Resolved, Scope, Traversal, TraversalStep};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// One attempt at an evaluation: collects what it read and what it still wants.
pub(crate) struct EvalScope<'e, 'c> {
    evaluator: &'e Evaluator<'c>,
    inst: &'e ModuleInst,
    data: &'e RepetitionData,
    self_value: Option<&'e Value>,
    /// A variable whose own rules are being checked, and its value.
    pub(crate) own: Option<(u32, &'e Value)>,
    reads: RefCell<Vec<Dep>>,
    wants: RefCell<Vec<Want>>,
    poisoned: Cell<bool>,
}

/// What an attempt came to besides its result.
pub(crate) struct Attempt {
    /// What it read.
    pub(crate) deps: Rc<[Dep]>,
    /// What it wants; if anything, its result means nothing.
    pub(crate) wants: Vec<Want>,
    /// It read something that has failed.
    pub(crate) poisoned: bool,
}

impl<'e, 'c> EvalScope<'e, 'c> {
    pub(crate) const fn new(
        evaluator: &'e Evaluator<'c>,
        inst: &'e ModuleInst,
        data: &'e RepetitionData,
        self_value: Option<&'e Value>,
    ) -> Self {
        Self {
            evaluator,
            inst,
            data,
            self_value,
            own: None,
            reads: RefCell::new(Vec::new()),
            wants: RefCell::new(Vec::new()),
            poisoned: Cell::new(false),
        }
    }

    pub(crate) fn finish(self) -> Attempt {
        let mut reads = self.reads.into_inner();
        reads.sort_unstable();
        reads.dedup();
        let mut wants = self.wants.into_inner();
        wants.sort_unstable();
        wants.dedup();
        Attempt {
            deps: reads.into(),
            wants,
            poisoned: self.poisoned.get(),
        }
    }

    fn read(&self, dep: Option<Dep>) {
        if let Some(dep) = dep {
            let mut reads = self.reads.borrow_mut();
            if reads.last() != Some(&dep) {
                reads.push(dep);
            }
        }
    }

    /// Something is not computed yet: the attempt goes on with an unknown value, to find out all that
    /// is wanted, and is repeated.
    fn want(&self, want: Want, consumed: usize) -> Resolved {
        self.wants.borrow_mut().push(want);
        Resolved {
            value: Value::dynamic(),
            consumed,
        }
    }

    fn poison(&self, consumed: usize) -> Resolved {
        self.poisoned.set(true);
        Resolved {
            value: Value::dynamic(),
            consumed,
        }
    }

    fn use_evaluated(
        &self,
        evaluated: Option<&Evaluated>,
        want: Want,
        consumed: usize,
    ) -> Resolved {
        let Some(evaluated) = evaluated else {
            return self.want(want, consumed);
        };
        self.read(evaluated.group);
        match &evaluated.value {
            Some(value) => Resolved {
                value: value.clone(),
                consumed,
            },
            None => self.poison(consumed),
        }
    }

    fn use_slot(&self, slot: &Slot, consumed: usize) -> Resolved {
        self.read(Some(Dep::Slot(slot.id)));
        match &*slot.value.borrow() {
            SlotValue::Ready(value) => Resolved {
                value: value.clone(),
                consumed,
            },
            SlotValue::Pending | SlotValue::Failed => self.poison(consumed),
        }
    }

    fn resource(
        &self,
        index: u32,
        steps: usize,
        traversal: &Traversal,
        env: &Env<'_>,
    ) -> Result<Resolved, Diagnostics> {
        let resource = self.evaluator.program.resource(self.inst.def, index);
        let next = traversal.steps.get(steps);
        let repeated = resource.repetition.expr().is_some();
        match next {
            Some(TraversalStep::Attr { range, .. }) if repeated => {
                return Err(missing_key(traversal, range, resource));
            }
            Some(TraversalStep::Index { range, .. }) if !repeated => {
                return Err(unexpected_key(range, resource));
            }
            _ => {}
        }
        if self.evaluator.settings.mode == Mode::Validate {
            return Ok(self.resource_placeholder(resource, repeated, next, steps, env));
        }
        let want = Want {
            inst: self.inst.id,
            node: Node::Resource(self.inst.def, index),
        };
        let Some(expansion) = self.inst.resources[index as usize].get() else {
            return Ok(self.want(want, steps));
        };
        let Ok(expansion) = expansion else {
            return Ok(self.poison(traversal.steps.len()));
        };
        if let Keys::Single = expansion.keys {
            return Ok(self.use_slot(&expansion.slots[0], steps));
        }
        if let Some(TraversalStep::Index { key, .. }) = next {
            let key = key.evaluate(env)?;
            if let Some(slot) = instance_key(&key, &expansion.keys).and_then(|k| expansion.slot(&k))
            {
                self.read_all(&expansion.deps);
                let mut resolved = self.use_slot(slot, steps + 1);
                resolved.value = resolved.value.with_marks(key.marks());
                return Ok(resolved);
            }
        }
        Ok(self.whole_resource(expansion, steps))
    }

    fn resource_placeholder(
        &self,
        resource: &configs::Resource,
        repeated: bool,
        next: Option<&TraversalStep>,
        steps: usize,
        env: &Env<'_>,
    ) -> Resolved {
        let ty = self.evaluator.schemas.object_type(resource);
        let marks = if resource.addr.mode == addrs::Mode::Ephemeral {
            Marks::EPHEMERAL
        } else {
            Marks::NONE
        };
        let value = ty
            .map_or_else(Value::dynamic, Value::unknown)
            .with_marks(marks);
        match next {
            Some(TraversalStep::Index { key, .. }) if repeated => {
                // The key is evaluated for its own mistakes only.
                let _ = key.evaluate(env);
                Resolved {
                    value,
                    consumed: steps + 1,
                }
            }
            _ if repeated => Resolved {
                value: Value::dynamic().with_marks(marks),
                consumed: steps,
            },
            _ => Resolved {
                value,
                consumed: steps,
            },
        }
    }

    fn read_all(&self, deps: &[Dep]) {
        for dep in deps {
            self.read(Some(*dep));
        }
    }

    /// All instances as one value, made once.
    fn whole_resource(&self, expansion: &Expansion, consumed: usize) -> Resolved {
        self.read(Some(expansion.group));
        let whole = expansion.whole.get_or_init(|| {
            let mut values = Vec::with_capacity(expansion.slots.len());
            for slot in &expansion.slots {
                match &*slot.value.borrow() {
                    SlotValue::Ready(value) => values.push(value.clone()),
                    _ => return Err(()),
                }
            }
            Ok(collect(&expansion.keys, values))
        });
        match whole {
            Ok(value) => Resolved {
                value: value.clone(),
                consumed,
            },
            Err(()) => self.poison(consumed),
        }
    }

    fn call(
        &self,
        index: u32,
        traversal: &Traversal,
        env: &Env<'_>,
    ) -> Result<Resolved, Diagnostics> {
        let module = self.evaluator.program.module(self.inst.def);
        let call = &module.module.calls[index as usize];
        let want = Want {
            inst: self.inst.id,
            node: Node::Call(self.inst.def, index),
        };
        let Some(expansion) = self.inst.calls[index as usize].get() else {
            return Ok(self.want(want, 1));
        };
        let Ok(expansion) = expansion else {
            return Ok(self.poison(traversal.steps.len()));
        };
        let repeated = call.repetition.expr().is_some();
        let (key, name_at) = match (repeated, traversal.steps.get(1)) {
            (false, _) => (InstanceKey::None, 1),
            (true, _) if self.evaluator.settings.mode == Mode::Validate => {
                return Ok(Resolved {
                    value: Value::dynamic(),
                    consumed: traversal.steps.len().min(3),
                });
            }
            (true, Some(TraversalStep::Index { key, .. })) => {
                let value = key.evaluate(env)?;
                match instance_key(&value, &expansion.keys) {
                    Some(key) if expansion.instance(&key).is_some() => (key, 2),
                    _ => return Ok(self.whole_call(expansion)),
                }
            }
            (true, Some(TraversalStep::Attr { range, .. })) => {
                return Err(Diagnostic::error(
                    "Unsupported attribute",
                    format!(
                        "Because module.{0} has \"{1}\" set, its outputs must be accessed on one of its instances, for \
                         example module.{0}[{2}].",
                        call.name,
                        repetition_name(&call.repetition),
                        if matches!(call.repetition, configs::Repetition::Count(_)) { "count.index" } else { "each.key" }
                    ),
                )
                .at(range.clone())
                .into());
            }
            (true, None) => return Ok(self.whole_call(expansion)),
        };
        self.read_all(&expansion.deps);
        let Some(instance) = expansion.instance(&key) else {
            return Ok(self.whole_call(expansion));
        };
        let child = self.evaluator.inst(instance);
        let outputs = &self.evaluator.program.module(child.def).module.outputs;
        match traversal.steps.get(name_at) {
            Some(TraversalStep::Attr { name, .. }) => {
                let Some(i) = outputs.get_index_of(name) else {
                    return Ok(self.module_object(&child, name_at));
                };
                let want = Want {
                    inst: child.id,
                    node: Node::Output(child.def, i as u32),
                };
                Ok(self.use_evaluated(child.outputs[i].get(), want, name_at + 1))
            }
            _ => Ok(self.module_object(&child, name_at)),
        }
    }

    /// All outputs of one module instance.
    fn module_object(&self, child: &ModuleInst, consumed: usize) -> Resolved {
        let outputs = &self.evaluator.program.module(child.def).module.outputs;
        let mut attrs = Vec::with_capacity(outputs.len());
        for (i, name) in outputs.keys().enumerate() {
            let want = Want {
                inst: child.id,
                node: Node::Output(child.def, i as u32),
            };
            attrs.push((
                name.clone(),
                self.use_evaluated(child.outputs[i].get(), want, 0).value,
            ));
        }
        Resolved {
            value: Value::object(attrs),
            consumed,
        }
    }

    /// All outputs of all instances of a call.
    fn whole_call(&self, expansion: &CallExpansion) -> Resolved {
        self.read_all(&expansion.deps);
        let values = expansion
            .instances
            .iter()
            .map(|id| self.module_object(&self.evaluator.inst(*id), 0).value)
            .collect();
        Resolved {
            value: collect(&expansion.keys, values),
            consumed: 1,
        }
    }

    fn repetition(&self, target: Target) -> Option<Value> {
        match (target, self.data) {
            (Target::CountIndex, RepetitionData::Count(index)) => Some(index.clone()),
            (Target::EachKey, RepetitionData::Each(key, _)) => Some(key.clone()),
            (Target::EachValue, RepetitionData::Each(_, value)) => Some(value.clone()),
            _ => None,
        }
    }
}

impl Scope for EvalScope<'_, '_> {
    fn resolve(&self, traversal: &Traversal, env: &Env<'_>) -> Result<Resolved, Diagnostics> {
        let module = self.evaluator.program.module(self.inst.def).module;
        let target = Target::of(traversal, module).map_err(|d| Diagnostics::from(*d))?;
        let settings = &self.evaluator.settings;
        let text = |text: &str| {
            Ok(Resolved {
                value: Value::string(text),
                consumed: 1,
            })
        };
        match target {
            Target::Variable(i) => {
                if let Some((own, value)) = self.own
                    && own == i
                {
                    return Ok(Resolved {
                        value: value.clone(),
                        consumed: 1,
                    });
                }
                let want = Want {
                    inst: self.inst.id,
                    node: Node::Variable(self.inst.def, i),
                };
                Ok(self.use_evaluated(self.inst.variables[i as usize].get(), want, 1))
            }
            Target::Local(i) => {
                let want = Want {
                    inst: self.inst.id,
                    node: Node::Local(self.inst.def, i),
                };
                Ok(self.use_evaluated(self.inst.locals[i as usize].get(), want, 1))
            }
            Target::Resource(i, steps) => self.resource(i, steps as usize, traversal, env),
            Target::Call(i) => self.call(i, traversal, env),
            Target::CountIndex | Target::EachKey | Target::EachValue => {
                match self.repetition(target) {
                    Some(value) => Ok(Resolved { value, consumed: 1 }),
                    None => Err(out_of_context(target, traversal).into()),
                }
            }
            Target::PathModule => text(&module.source_dir),
            Target::PathRoot => text(&settings.root_dir),
            Target::PathCwd => text(&settings.cwd),
            Target::Workspace => text(&settings.workspace),
            Target::Applying => Ok(Resolved {
                value: Value::bool(settings.mode == Mode::Apply).with_marks(Marks::EPHEMERAL),
                consumed: 1,
            }),
            Target::SelfValue => match self.self_value {
                Some(value) => Ok(Resolved {
                    value: value.clone(),
                    consumed: 0,
                }),
                None => Err(out_of_context(target, traversal).into()),
            },
        }
    }

    fn functions(&self) -> &dyn Functions {
        let settings = &self.evaluator.settings;
        let own = settings.module_functions.get(self.inst.def.0 as usize);
        &**own.unwrap_or(&settings.functions)
    }
}

/// The instance key that an index key stands for in a block of that repetition.
fn instance_key(value: &Value, keys: &Keys) -> Option<InstanceKey> {
    if value.is_null() || !value.is_known() {
        return None;
    }
    let wanted = if matches!(keys, Keys::Count(_)) {
        Type::Number
    } else {
        Type::String
    };
    InstanceKey::from_value(&cty::convert(value, &wanted).ok()?)
}

/// Instances as the language shows them: a tuple for `count`, an object for `for_each`.
fn collect(keys: &Keys, values: Vec<Value>) -> Value {
    match keys {
        Keys::Single => values.into_iter().next().unwrap_or_else(Value::dynamic),
        Keys::Count(_) => Value::tuple(values),
        Keys::Each(entries) => Value::object(entries.iter().map(|(k, _)| k.clone()).zip(values)),
    }
}

const fn repetition_name(repetition: &configs::Repetition) -> &'static str {
    match repetition {
        configs::Repetition::ForEach(_) => "for_each",
        _ => "count",
    }
}

fn missing_key(
    traversal: &Traversal,
    range: &SourceRange,
    resource: &configs::Resource,
) -> Diagnostics {
    let (example, name) = match resource.repetition {
        configs::Repetition::ForEach(_) => ("each.key", "for_each"),
        _ => ("count.index", "count"),
    };
    Diagnostic::error(
        "Missing resource instance key",
        format!(
            "Because {0} has \"{name}\" set, its attributes must be accessed on specific instances.\n\nFor example, to \
             correlate with indices of a referring resource, use:\n    {0}[{example}]",
            resource.addr
        ),
    )
    .at(traversal.root_range.to(range))
    .into()
}

fn unexpected_key(range: &SourceRange, resource: &configs::Resource) -> Diagnostics {
    Diagnostic::error(
        "Unexpected resource instance key",
        format!(
            "Because {} does not have \"count\" or \"for_each\" set, references to it must not include an index key. Remove \
             the bracketed index to refer to the single instance of this resource.",
            resource.addr
        ),
    )
    .at(range.clone())
    .into()
}
