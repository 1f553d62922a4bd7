//! What somebody may want to hear while the engine works.

use addrs::AbsResourceInstance;
use diags::Diagnostic;
use plans::Action;
use states::DeposedKey;

/// Told what happens to objects as it happens. All methods do nothing by default.
pub trait Hooks {
    /// An object is about to be read.
    fn refresh_start(&self, _addr: &AbsResourceInstance, _id: Option<&str>) {}
    /// An object was read.
    fn refresh_done(&self, _addr: &AbsResourceInstance, _id: Option<&str>) {}
    /// An object is about to be looked for by an id: for the `import` command, or for a plan.
    fn import_start(&self, _addr: &AbsResourceInstance, _id: &str, _by_command: bool) {}
    /// It was found.
    fn import_found(&self, _addr: &AbsResourceInstance, _by_command: bool) {}
    /// An object that was imported is in the state.
    fn import_applied(&self, _addr: &AbsResourceInstance, _id: &str) {}
    /// A data source is about to be read.
    fn read_start(&self, _addr: &AbsResourceInstance) {}
    /// A data source was read.
    fn read_done(&self, _addr: &AbsResourceInstance, _id: Option<&str>) {}
    /// An ephemeral resource is about to be opened, renewed or closed.
    fn ephemeral_start(&self, _addr: &AbsResourceInstance, _op: EphemeralOp) {}
    /// That ended well, or (`Some`) with an error.
    fn ephemeral_done(
        &self,
        _addr: &AbsResourceInstance,
        _op: EphemeralOp,
        _error: Option<&Diagnostic>,
    ) {
    }
    /// An ephemeral resource cannot be opened yet: its configuration is not known.
    fn ephemeral_deferred(&self, _addr: &AbsResourceInstance) {}
    /// A provisioner is about to run.
    fn provision_start(&self, _addr: &AbsResourceInstance, _kind: &str) {}
    /// It has written a line.
    fn provision_output(&self, _addr: &AbsResourceInstance, _kind: &str, _line: &str) {}
    /// It ended.
    fn provision_done(&self, _addr: &AbsResourceInstance, _kind: &str, _well: bool) {}
    /// So many operations will be carried out.
    fn apply_planned(&self, _operations: usize) {}
    /// An operation begins. For a replacement there are two.
    fn apply_start(&self, _event: &ApplyEvent<'_>) {}
    /// An operation ended well, or (`Some`) with an error.
    fn apply_done(&self, _event: &ApplyEvent<'_>, _error: Option<&Diagnostic>) {}
}

/// An operation on an object.
pub struct ApplyEvent<'a> {
    /// The instance.
    pub addr: &'a AbsResourceInstance,
    /// A former object.
    pub deposed: Option<&'a DeposedKey>,
    /// What is done: create, update, delete or read.
    pub action: Action,
    /// The object's id, if it has one that may be shown.
    pub id: Option<String>,
}

/// What is done with an ephemeral resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EphemeralOp {
    /// It is opened.
    Open,
    /// It is renewed.
    Renew,
    /// It is closed.
    Close,
}

/// Nobody listens.
pub struct Silent;

impl Hooks for Silent {}

/// The attribute that identifies an object to people: `id`, or `name`, if it is not hidden.
pub(crate) fn object_id(value: &cty::Value) -> Option<String> {
    for name in ["id", "name"] {
        if let Some(attribute) = value.get(name)
            && attribute.all_marks().is_empty()
            && let Some(text) = attribute.as_str()
            && !text.is_empty()
        {
            return Some(text.to_string());
        }
    }
    None
}
