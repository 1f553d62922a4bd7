//! Between attributes and what Kubernetes Engine says.

use sdk::{Attr, Blocks, Model};
use std::collections::BTreeMap;

/// One block that says whether something is on.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Enabled {
    /// Whether it is on.
    #[attr(required)]
    pub(super) enabled: Attr<bool>,
}

/// One block that says whether something is off.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Disabled {
    /// Whether it is off.
    #[attr(required)]
    pub(super) disabled: Attr<bool>,
}

impl Enabled {
    /// The block: also where nothing is said, which means off.
    pub(super) fn block(enabled: bool) -> Blocks<Self> {
        let enabled = enabled.into();
        Some(Self { enabled }).into()
    }
}

impl Disabled {
    /// The block: also where nothing is said, which means on.
    pub(super) fn block(disabled: bool) -> Blocks<Self> {
        let disabled = disabled.into();
        Some(Self { disabled }).into()
    }
}

/// What the only block says, if there is one.
pub(super) fn enabled(blocks: &Blocks<Enabled>) -> Option<bool> {
    blocks.first().and_then(|block| block.enabled.to_option())
}

/// What the only block says, if there is one.
pub(super) fn disabled(blocks: &Blocks<Disabled>) -> Option<bool> {
    blocks.first().and_then(|block| block.disabled.to_option())
}

/// A number as messages have it.
pub(super) fn number(value: &Attr<i64>) -> i32 {
    let value = value.to_option().and_then(|v| i32::try_from(v).ok());
    value.unwrap_or_default()
}

/// The name of a choice; empty where none is made.
pub(super) fn choice(name: Option<&str>) -> Attr<String> {
    name.unwrap_or_default().into()
}

/// A map of a message, sorted.
pub(super) fn sorted<'a>(
    map: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> BTreeMap<String, String> {
    let entries = map.into_iter();
    entries.map(|(k, v)| (k.clone(), v.clone())).collect()
}
