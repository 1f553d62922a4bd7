//! `resource`, `data` and `ephemeral` blocks.

use addrs::LocalProviderConfig;
use diags::SourceRange;
use hcl::{Body, Expr};
use std::sync::Arc;

/// How many instances a block has.
#[derive(Clone, Debug, Default)]
pub enum Repetition {
    /// One, without a key.
    #[default]
    Single,
    /// `count`.
    Count(Expr),
    /// `for_each`.
    ForEach(Expr),
}

impl Repetition {
    /// The expression that decides it.
    pub const fn expr(&self) -> Option<&Expr> {
        match self {
            Self::Single => None,
            Self::Count(expr) | Self::ForEach(expr) => Some(expr),
        }
    }
}

/// A `resource`, `data` or `ephemeral` block.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its address in the module.
    pub addr: addrs::Resource,
    /// `count` or `for_each`.
    pub repetition: Repetition,
    /// `provider`, if written.
    pub provider: Option<(LocalProviderConfig, SourceRange)>,
    /// The provider, by the module's required_providers or the type's name.
    pub provider_source: addrs::Provider,
    /// `depends_on`: static traversals.
    pub depends_on: Vec<Expr>,
    /// `lifecycle`.
    pub lifecycle: Lifecycle,
    /// `connection`: how provisioners that say nothing else reach the object.
    pub connection: Option<Body>,
    /// `provisioner` blocks in order.
    pub provisioners: Vec<Provisioner>,
    /// The check that a data block stands in.
    pub check: Option<Arc<str>>,
    /// The arguments that the resource type's schema decodes (meta-arguments taken out).
    pub body: Body,
    /// Where the header stands.
    pub range: SourceRange,
    /// Where the type label stands.
    pub kind_range: SourceRange,
}

impl Resource {
    /// The module's name of the provider configuration it uses, written or implied.
    pub fn provider_config(&self) -> LocalProviderConfig {
        self.provider.as_ref().map_or_else(
            || LocalProviderConfig {
                name: self.addr.implied_provider().into(),
                alias: None,
            },
            |(config, _)| config.clone(),
        )
    }
}

/// `provisioner "kind" { … }`.
#[derive(Clone, Debug)]
pub struct Provisioner {
    /// Which provisioner.
    pub kind: Arc<str>,
    /// `when`
    pub when: ProvisionerWhen,
    /// `on_failure`
    pub on_failure: OnFailure,
    /// `connection`
    pub connection: Option<Body>,
    /// Its own arguments.
    pub body: Body,
    /// Where the header stands.
    pub range: SourceRange,
}

/// When a provisioner runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProvisionerWhen {
    /// After an object was created.
    #[default]
    Create,
    /// Before an object is destroyed.
    Destroy,
}

/// What the failure of a provisioner does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// The object is tainted.
    #[default]
    Fail,
    /// Nothing.
    Continue,
}

/// `lifecycle { … }`.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    /// `create_before_destroy`, if written.
    pub create_before_destroy: Option<bool>,
    /// `prevent_destroy`.
    pub prevent_destroy: bool,
    /// `ignore_changes`.
    pub ignore_changes: IgnoreChanges,
    /// `replace_triggered_by`: traversals, possibly with index keys to evaluate.
    pub replace_triggered_by: Vec<Expr>,
    /// `precondition` blocks.
    pub preconditions: Vec<CheckRule>,
    /// `postcondition` blocks.
    pub postconditions: Vec<CheckRule>,
}

/// `ignore_changes`.
#[derive(Clone, Debug, Default)]
pub enum IgnoreChanges {
    /// Nothing is ignored.
    #[default]
    None,
    /// `all`
    All,
    /// Static paths into the object.
    Paths(Vec<(cty::Path, SourceRange)>),
}

/// `validation`, `precondition`, `postcondition`, `assert`.
#[derive(Clone, Debug)]
pub struct CheckRule {
    /// What must hold.
    pub condition: Expr,
    /// What is said when it does not.
    pub error_message: Expr,
    /// Where the header stands.
    pub range: SourceRange,
}
