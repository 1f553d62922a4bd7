//! Provider blocks and what is passed to called modules.

use addrs::LocalProviderConfig;
use diags::SourceRange;
use hcl::Body;
use std::sync::Arc;

/// `provider "name" { … }`.
#[derive(Clone, Debug)]
pub struct ProviderBlock {
    /// The local name.
    pub name: Arc<str>,
    /// The alias.
    pub alias: Option<Arc<str>>,
    /// The deprecated `version` argument.
    pub version: Option<(Arc<str>, SourceRange)>,
    /// The arguments that the provider's schema decodes.
    pub body: Body,
    /// Where the header stands.
    pub range: SourceRange,
}

/// One entry of a module call's `providers`.
#[derive(Clone, Debug)]
pub struct PassedProvider {
    /// The configuration's name in the called module.
    pub child: LocalProviderConfig,
    /// The configuration's name in the calling module.
    pub parent: LocalProviderConfig,
    /// Where it stands.
    pub range: SourceRange,
    /// Where the name in the called module stands.
    pub child_range: SourceRange,
    /// Where the name in the calling module stands.
    pub parent_range: SourceRange,
}
