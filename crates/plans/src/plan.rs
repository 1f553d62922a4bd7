//! A whole plan.

use crate::{Dependency, OutputChange, ResourceChange};
use cty::Value;
use states::State;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What kind of plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Make the objects as the configuration says.
    #[default]
    Normal,
    /// Destroy everything.
    Destroy,
    /// Only bring the state up to date.
    RefreshOnly,
}

/// A value given to a root variable.
#[derive(Clone, Debug, PartialEq)]
pub struct VariableValue {
    /// The value as given, before conversion.
    pub value: Value,
}

/// A plan: complete even when planning had errors.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What kind.
    pub mode: Mode,
    /// The values given to root variables.
    pub variables: BTreeMap<Arc<str>, VariableValue>,
    /// Names of variables that must be given again when applying (ephemeral).
    pub apply_time_variables: Vec<Arc<str>>,
    /// Every object with its change, no-ops included, in the order of addresses.
    pub changes: Vec<ResourceChange>,
    /// What changes wait for together; see [`Dependency`].
    pub groups: Vec<Vec<Dependency>>,
    /// What changed outside since the last run.
    pub drift: Vec<ResourceChange>,
    /// Changes of root outputs, no-ops included.
    pub outputs: Vec<OutputChange>,
    /// `-target` as given.
    pub targets: Vec<Arc<str>>,
    /// `-exclude` as given.
    pub excludes: Vec<Arc<str>>,
    /// `-replace` as given.
    pub force_replace: Vec<Arc<str>>,
    /// The state after refresh.
    pub prior_state: State,
    /// The state before refresh (after moves).
    pub prev_run_state: State,
    /// The lineage and serial of the state that the plan was made from.
    pub lineage: Arc<str>,
    /// See `lineage`.
    pub serial: u64,
    /// When it was made: RFC 3339.
    pub timestamp: Arc<str>,
    /// Attributes outside the changed objects that contributed to the changes: resource and path.
    pub relevant_attributes: Vec<(addrs::AbsResourceInstance, cty::Path)>,
    /// Planning stopped with errors.
    pub errored: bool,
    /// There is something to apply.
    pub applyable: bool,
    /// Nothing was left out (targets, deferrals).
    pub complete: bool,
    /// Results of all checks.
    pub checks: Vec<states::CheckResult>,
    /// The backend's type, configuration and workspace.
    pub workspace: Arc<str>,
}
