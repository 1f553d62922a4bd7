//! The journal: what a run is about to do and what came of it, written down as it happens.
//!
//! A state file is written once, at the end of a run. Until then each provider call that creates,
//! changes or deletes something is framed by two records: an [`Intent`] before it and an [`Outcome`]
//! after it. When a run is cut short, [`replay`] brings the state to where the run was, and names
//! the calls of which nobody knows how they ended.
//!
//! Nothing here does input or output: records are bytes, and bytes are records.

mod codec;
mod replay;
mod unresolved;

#[cfg(test)]
mod tests;

pub use codec::{Damage, Decoded, decode, encode};
pub use replay::{Interrupted, Replay, replay};
pub use unresolved::Unresolved;

use crate::{DeposedKey, Object, OutputValue};
use addrs::{AbsResourceInstance, ProviderConfig};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// One entry of a journal.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// The first entry: what the run starts from.
    Start(Start),
    /// A provider call is about to be made.
    Intent(Intent),
    /// A provider call has returned, or an object has changed its place.
    Outcome(Outcome),
    /// All outputs of the root module have these values now.
    Outputs(BTreeMap<Arc<str>, OutputValue>),
    /// The state with all that is above is about to be written, under this serial.
    Checkpoint(u64),
}

/// What a run starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The lineage of the state; for a new state the one it will get.
    pub lineage: Arc<str>,
    /// The serial of the state; 0 for a new state.
    pub serial: u64,
    /// What runs: `apply`, `destroy`, `import`.
    pub operation: Arc<str>,
    /// When, as people write it (RFC 3339).
    pub time: Arc<str>,
}

/// A provider call that is about to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// The object's instance.
    pub address: AbsResourceInstance,
    /// The former object, if it is one.
    pub deposed: Option<DeposedKey>,
    /// What is to be done.
    pub action: Action,
    /// Through which provider configuration.
    pub provider: ProviderConfig,
    /// The planned object in the encoding of the provider protocol; empty = none.
    pub planned: Arc<[u8]>,
    /// The provider's bytes of the plan.
    pub planned_private: Arc<[u8]>,
    /// When, as people write it (RFC 3339).
    pub time: Arc<str>,
}

/// What a provider call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Makes an object.
    Create,
    /// Changes an object.
    Update,
    /// Destroys an object.
    Delete,
}

impl Action {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Create, "create"),
        (Self::Update, "update"),
        (Self::Delete, "delete"),
    ];
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(action, _)| action == self);
        f.write_str(name.map_or("", |(_, name)| name))
    }
}

/// What is so now at one resource instance. Ends the [`Intent`] of the same address and deposed key,
/// if there is one.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The instance.
    pub address: AbsResourceInstance,
    /// The former object that the intent was about, if it was one.
    pub deposed: Option<DeposedKey>,
    /// Through which provider configuration.
    pub provider: ProviderConfig,
    /// What the instance holds now: its current object (no key) or a former one, and `None` for an
    /// object that is gone. What is not named stays. All of it counts together or not at all.
    pub objects: Vec<(Option<DeposedKey>, Option<Arc<Object>>)>,
    /// Why the call failed, if it did.
    pub error: Option<Arc<str>>,
}
