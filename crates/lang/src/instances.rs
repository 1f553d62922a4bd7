//! What `count` and `for_each` made: instances of modules and resources.

use crate::evaluator::{Dep, Evaluated};
use crate::{Keys, ModuleId, RepetitionData};
use addrs::{AbsResourceInstance, InstanceKey, ModuleInstance};
use cty::Value;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// An instance of a module, by number; 0 is the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstId(pub u32);

/// An instance of a resource, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotId(pub u32);

/// An instance of a module, and what has been computed in it so far. Each value is computed once.
pub struct ModuleInst {
    /// Its number.
    pub id: InstId,
    /// The module it is an instance of.
    pub def: ModuleId,
    /// Its address.
    pub addr: ModuleInstance,
    /// The instance it was called from.
    pub parent: Option<InstId>,
    /// What `count` and `each` stand for in the call's arguments.
    pub data: RepetitionData,
    /// What its existence and its data were computed from.
    pub(crate) expanded_by: Rc<[Dep]>,
    pub(crate) variables: Vec<OnceCell<Evaluated>>,
    pub(crate) locals: Vec<OnceCell<Evaluated>>,
    pub(crate) outputs: Vec<OnceCell<Evaluated>>,
    pub(crate) resources: Vec<OnceCell<Result<Rc<Expansion>, ()>>>,
    pub(crate) calls: Vec<OnceCell<Result<Rc<CallExpansion>, ()>>>,
}

/// The instances of a resource in one module instance.
pub struct Expansion {
    /// What the repetition came to.
    pub keys: Keys,
    /// The instances, in the order of the keys.
    pub slots: Vec<Rc<Slot>>,
    /// By key, for `for_each`.
    pub(crate) by_key: BTreeMap<Arc<str>, u32>,
    /// All instances together, as a dependency.
    pub(crate) group: Dep,
    /// What the repetition was computed from.
    pub deps: Rc<[Dep]>,
    /// The whole resource as a value, once somebody asks for it.
    pub(crate) whole: OnceCell<Result<Value, ()>>,
}

/// The instances of a module call in one module instance.
pub struct CallExpansion {
    /// What the repetition came to.
    pub keys: Keys,
    /// The instances, in the order of the keys.
    pub instances: Vec<InstId>,
    pub(crate) by_key: BTreeMap<Arc<str>, u32>,
    /// What the repetition was computed from.
    pub deps: Rc<[Dep]>,
}

/// An instance of a resource.
pub struct Slot {
    /// Its number.
    pub id: SlotId,
    /// Its address.
    pub addr: AbsResourceInstance,
    /// What `count` and `each` stand for in it.
    pub data: RepetitionData,
    /// The module instance it is in.
    pub inst: InstId,
    pub(crate) value: RefCell<SlotValue>,
}

/// What is known of an instance's object.
#[derive(Clone, Debug, Default)]
pub enum SlotValue {
    /// Nobody has put a value in yet.
    #[default]
    Pending,
    /// The object.
    Ready(Value),
    /// It could not be planned or applied; whoever needs it is skipped without a word.
    Failed,
}

impl Expansion {
    /// The instance with a key.
    pub fn slot(&self, key: &InstanceKey) -> Option<&Rc<Slot>> {
        position(&self.keys, &self.by_key, key).and_then(|i| self.slots.get(i))
    }
}

impl CallExpansion {
    /// The instance with a key.
    pub fn instance(&self, key: &InstanceKey) -> Option<InstId> {
        position(&self.keys, &self.by_key, key)
            .and_then(|i| self.instances.get(i))
            .copied()
    }
}

fn position(keys: &Keys, by_key: &BTreeMap<Arc<str>, u32>, key: &InstanceKey) -> Option<usize> {
    match (keys, key) {
        (Keys::Single, InstanceKey::None) => Some(0),
        (Keys::Count(n), InstanceKey::Int(i)) => usize::try_from(*i).ok().filter(|i| i < n),
        (Keys::Each(_), InstanceKey::Str(s)) => by_key.get(s).map(|i| *i as usize),
        _ => None,
    }
}

/// Positions by key, for `for_each`.
pub(crate) fn index_keys(keys: &Keys) -> BTreeMap<Arc<str>, u32> {
    match keys {
        Keys::Each(entries) => (0u32..)
            .zip(entries)
            .map(|(i, (key, _))| (key.clone(), i))
            .collect(),
        _ => BTreeMap::new(),
    }
}

impl Slot {
    /// What is known of the instance's object.
    pub fn value(&self) -> SlotValue {
        self.value.borrow().clone()
    }
}
