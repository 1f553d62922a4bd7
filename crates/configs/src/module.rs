//! One module: everything its files declare.

use crate::{Local, Output, PassedProvider, ProviderBlock, Resource, Variable};
use addrs::Provider;
use cty::Value;
use diags::{Diagnostics, SourceRange};
use hcl::{Body, Expr};
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One module. Maps keep the order of declaration (files sorted by name, override files merged).
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// The directory, as it is shown (`.` for the root, `./net`, `.terraform/modules/vpc`).
    pub source_dir: Arc<str>,
    /// `required_version` constraints.
    pub required_versions: Vec<(Arc<str>, SourceRange)>,
    /// `required_providers`, completed with the providers that resource types imply, by local name.
    pub required_providers: IndexMap<Arc<str>, ProviderRequirement>,
    /// `provider` blocks by `(local name, alias)`.
    pub providers: IndexMap<addrs::LocalProviderConfig, ProviderBlock>,
    /// `provider_meta` blocks by local name.
    pub provider_metas: IndexMap<Arc<str>, Body>,
    /// `backend` (root only) or the fact of a `cloud` block.
    pub backend: Option<Backend>,
    /// `variable` blocks.
    pub variables: IndexMap<Arc<str>, Variable>,
    /// `locals`.
    pub locals: IndexMap<Arc<str>, Local>,
    /// `output` blocks.
    pub outputs: IndexMap<Arc<str>, Output>,
    /// `resource`, `data` and `ephemeral` blocks.
    pub resources: IndexMap<addrs::Resource, Resource>,
    /// `module` blocks.
    pub calls: IndexMap<Arc<str>, ModuleCall>,
    /// `moved` blocks.
    pub moved: Vec<Moved>,
    /// `import` blocks.
    pub imports: Vec<Import>,
    /// `removed` blocks.
    pub removed: Vec<Removed>,
    /// `check` blocks.
    pub checks: IndexMap<Arc<str>, Check>,
}

/// What a module says it needs of a provider.
#[derive(Clone, Debug)]
pub struct ProviderRequirement {
    /// Which provider the local name stands for.
    pub provider: Provider,
    /// The version constraint as written; empty = none.
    pub constraint: Arc<str>,
    /// Aliases that the calling module must pass.
    pub aliases: Vec<addrs::LocalProviderConfig>,
    /// Where it stands; `None` = implied by a resource type.
    pub range: Option<SourceRange>,
}

/// `backend "type" { … }`.
#[derive(Clone, Debug)]
pub struct Backend {
    /// The type; `cloud` for a `cloud` block.
    pub kind: Arc<str>,
    /// Its arguments.
    pub body: Body,
    /// The values of those that are no literals, in a root module that was loaded as such.
    pub values: BTreeMap<Arc<str>, Value>,
    /// Why some of these have no value.
    pub problems: Diagnostics,
    /// Where it stands.
    pub range: SourceRange,
}

/// `module "name" { … }`.
#[derive(Clone, Debug)]
pub struct ModuleCall {
    /// The name.
    pub name: Arc<str>,
    /// The source as written.
    pub source: Arc<str>,
    /// Where the source stands.
    pub source_range: SourceRange,
    /// The version constraint as written.
    pub version: Option<(Arc<str>, SourceRange)>,
    /// Source and version as they are written, if not as literals: the source is empty until the module is
    /// loaded as a part of a tree.
    pub early: Option<crate::EarlySource>,
    /// `count` or `for_each`.
    pub repetition: crate::Repetition,
    /// `depends_on`: static traversals.
    pub depends_on: Vec<Expr>,
    /// `providers`: the child's name and the calling module's.
    pub providers: Vec<PassedProvider>,
    /// Input variables: every other argument.
    pub arguments: IndexMap<Arc<str>, hcl::Attribute>,
    /// The whole body, for the plan's `configuration`.
    pub body: Body,
    /// Where the header stands.
    pub range: SourceRange,
    /// Where missing arguments are reported.
    pub missing_range: SourceRange,
}

/// `moved { from, to }`.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Where from, relative to the module.
    pub from: addrs::MoveEndpoint,
    /// Where to, relative to the module.
    pub to: addrs::MoveEndpoint,
    /// Where it stands.
    pub range: SourceRange,
}

/// `import { to, id }`.
#[derive(Clone, Debug)]
pub struct Import {
    /// The instance, possibly with keys to evaluate.
    pub to: Expr,
    /// The resource that it is an instance of, relative to the module.
    pub resource: addrs::ConfigResource,
    /// What the provider finds the object by.
    pub id: Expr,
    /// `for_each`
    pub for_each: Option<Expr>,
    /// `provider`, if written.
    pub provider: Option<(addrs::LocalProviderConfig, SourceRange)>,
    /// Where the header stands.
    pub range: SourceRange,
}

impl Import {
    /// The root module's name of the provider configuration, written or implied, for an object that has no
    /// block yet.
    pub fn provider_config(&self) -> addrs::LocalProviderConfig {
        self.provider.as_ref().map_or_else(
            || addrs::LocalProviderConfig {
                name: self.resource.resource.implied_provider().into(),
                alias: None,
            },
            |(config, _)| config.clone(),
        )
    }
}

/// What a `removed` block speaks of, relative to the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemovedBlock {
    /// A module with everything in it.
    Module(addrs::Module),
    /// A managed resource.
    Resource(addrs::ConfigResource),
}

/// `removed { from }`.
#[derive(Clone, Debug)]
pub struct Removed {
    /// What was removed.
    pub from: RemovedBlock,
    /// Whether the objects are destroyed; else they are only forgotten.
    pub destroy: bool,
    /// The default connection of the provisioners.
    pub connection: Option<Body>,
    /// What runs before an object is destroyed.
    pub provisioners: Vec<crate::Provisioner>,
    /// Where the header stands.
    pub range: SourceRange,
}

/// `check "name" { assert { … } }`.
#[derive(Clone, Debug)]
pub struct Check {
    /// The name.
    pub name: Arc<str>,
    /// The data block in it, which is among the module's resources too.
    pub data: Option<addrs::Resource>,
    /// `assert` blocks; their failures are warnings.
    pub asserts: Vec<crate::CheckRule>,
    /// Where the header stands.
    pub range: SourceRange,
}
