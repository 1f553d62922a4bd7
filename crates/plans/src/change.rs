//! One planned change.

use addrs::{AbsResourceInstance, ProviderConfig};
use cty::{Path, Value};
use states::DeposedKey;
use std::sync::Arc;

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing.
    NoOp,
    /// A new object is made.
    Create,
    /// A data source is read while applying.
    Read,
    /// The object is changed.
    Update,
    /// The object is destroyed, then a new one is made.
    DeleteThenCreate,
    /// A new object is made, then the old one is destroyed.
    CreateThenDelete,
    /// The object is destroyed.
    Delete,
    /// The object is dropped from the state only.
    Forget,
}

impl Action {
    /// Whether the object is replaced.
    pub const fn is_replace(self) -> bool {
        matches!(self, Self::DeleteThenCreate | Self::CreateThenDelete)
    }
}

/// Why an action was chosen, where the change alone does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    missing_docs,
    reason = "the names are those of the plan format, tfplugin.md 5.6"
)]
pub enum ActionReason {
    ReplaceBecauseTainted,
    ReplaceByRequest,
    ReplaceBecauseCannotUpdate,
    ReplaceByTriggers,
    DeleteBecauseNoResourceConfig,
    DeleteBecauseWrongRepetition,
    DeleteBecauseCountIndex,
    DeleteBecauseEachKey,
    DeleteBecauseNoModule,
    DeleteBecauseNoMoveTarget,
    ReadBecauseConfigUnknown,
    ReadBecauseDependencyPending,
    ReadBecauseCheckNested,
}

/// Before and after. Marks are on the values.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What is done.
    pub action: Action,
    /// The object before; null = none. Of the schema's implied type (null of dynamic type for outputs).
    pub before: Value,
    /// The object after, as far as it is known; null = none.
    pub after: Value,
    /// The id the object is imported by.
    pub importing: Option<Arc<str>>,
    /// Configuration text made for an imported object.
    pub generated_config: Option<Arc<str>>,
}

/// A change of one object.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceChange {
    /// The instance.
    pub addr: AbsResourceInstance,
    /// Where the object was at the end of the last run; the same as `addr` unless moved.
    pub prev_run_addr: AbsResourceInstance,
    /// A former object, not the current one.
    pub deposed: Option<DeposedKey>,
    /// The provider configuration.
    pub provider: ProviderConfig,
    /// Before and after.
    pub change: Change,
    /// Why.
    pub reason: Option<ActionReason>,
    /// The attributes that need a new object.
    pub required_replace: Vec<Path>,
    /// The provider's bytes for the apply.
    pub private: Arc<[u8]>,
    /// What must be done before this change: exact, as evaluation read it.
    pub depends_on: Vec<Dependency>,
}

impl ResourceChange {
    /// What plans are shown in the order of: outer modules first, then addresses, then former objects.
    pub fn display_order(&self) -> (usize, &AbsResourceInstance, Option<&DeposedKey>) {
        (self.addr.module.0.len(), &self.addr, self.deposed.as_ref())
    }
}

/// Something that must be done before a change. What many changes wait for together (all instances of
/// a resource, everything a local value was made from) is a group, so that the number of
/// dependencies stays linear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dependency {
    /// An index into [`crate::Plan::changes`].
    Change(u32),
    /// An index into [`crate::Plan::groups`].
    Group(u32),
}

/// A change of a root output.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputChange {
    /// The output's name.
    pub name: Arc<str>,
    /// Before and after.
    pub change: Change,
    /// Whether it is hidden.
    pub sensitive: bool,
}
