//! What stands in for providers, objects and modules in tests.

use addrs::{Mode, Target};
use cty::Value;
use diags::SourceRange;
use std::collections::BTreeMap;
use std::sync::Arc;

/// `mock_provider "name" { … }`: a provider that does nothing.
#[derive(Clone, Debug)]
pub struct MockProvider {
    /// `mock_resource` and `mock_data` blocks, by what their objects are.
    pub mocks: BTreeMap<(Mode, Arc<str>), StandIn>,
    /// What stands in for single objects.
    pub overrides: Vec<Override>,
    /// Where the header stands.
    pub range: SourceRange,
}

/// Values of computed attributes.
#[derive(Clone, Debug)]
pub struct StandIn {
    /// The values as an object.
    pub values: Option<Value>,
    /// Whether they are known while planning.
    pub while_planning: bool,
    /// Where the block's header stands.
    pub range: SourceRange,
}

/// `override_resource`, `override_data` or `override_module`.
#[derive(Clone, Debug)]
pub struct Override {
    /// What it is about.
    pub target: Target,
    /// Computed attributes, or outputs of a module.
    pub given: StandIn,
    /// Where the target stands.
    pub target_range: SourceRange,
}
