//! Creates of which nobody knows how they ended, remembered from run to run until somebody does.

use super::{Action, Intent, Outcome, Record};
use crate::State;
use addrs::AbsResourceInstance;
use std::collections::BTreeMap;

/// Creates of which nobody knows how they ended, by the instance that the object was for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unresolved(BTreeMap<AbsResourceInstance, Intent>);

impl Unresolved {
    /// What the records of one more run make of it.
    pub fn follow<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) {
        for record in records {
            match record {
                Record::Intent(intent) => self.begun(intent),
                Record::Outcome(outcome) => self.ended(outcome),
                Record::Start(_) | Record::Outputs(_) | Record::Checkpoint(_) => {}
            }
        }
    }

    /// A call begins.
    pub fn begun(&mut self, intent: &Intent) {
        if intent.action == Action::Create {
            self.0.insert(intent.address.clone(), intent.clone());
        }
    }

    /// A call has ended.
    pub fn ended(&mut self, outcome: &Outcome) {
        if outcome.deposed.is_none() {
            self.0.remove(&outcome.address);
        }
    }

    /// Drops those whose instances have an object: it was brought in, or it was not needed any more.
    pub fn settle(&mut self, state: &State) {
        self.0
            .retain(|addr, _| state.instance(addr).is_none_or(|i| i.current.is_none()));
    }

    /// Drops one that a person has seen to; whether it was there.
    pub fn forget(&mut self, addr: &AbsResourceInstance) -> bool {
        self.0.remove(addr).is_some()
    }

    /// The create that was to make an instance's object.
    pub fn get(&self, addr: &AbsResourceInstance) -> Option<&Intent> {
        self.0.get(addr)
    }

    /// All of them, sorted by address.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Intent> {
        self.0.values()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
