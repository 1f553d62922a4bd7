//! The schemas of a provider.

use crate::SchemaMap;
use cty::Type;
use schema::Block;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All schemas of a provider.
///
/// A provider may have thousands of them, of which a run needs a handful: see [`SchemaMap`].
#[derive(Clone, Debug, Default)]
pub struct ProviderSchema {
    /// The provider block.
    pub provider: Arc<ResourceSchema>,
    /// `provider_meta`, if the provider has it.
    pub provider_meta: Option<Arc<ResourceSchema>>,
    /// Resource types.
    pub resources: SchemaMap,
    /// Data sources.
    pub data_sources: SchemaMap,
    /// Ephemeral resource types.
    pub ephemeral: SchemaMap,
    /// Functions.
    pub functions: BTreeMap<Arc<str>, FunctionSignature>,
    /// The provider wants to plan the destruction of objects too.
    pub plan_destroy: bool,
    /// The provider works without having been asked for its schema.
    pub schema_optional: bool,
    /// The provider can take over objects of other types.
    pub move_state: bool,
    /// Reads that are under way at the same time share calls to the cloud: many at once are better than few.
    pub joins_reads: bool,
}

/// The schema of one block.
#[derive(Clone, Debug, Default)]
pub struct ResourceSchema {
    /// The version of stored objects.
    pub version: i64,
    /// The shape.
    pub block: Block,
}

/// A parameter of a provider's function.
#[derive(Clone, Debug)]
pub struct FunctionParameter {
    /// The name, for messages.
    pub name: Arc<str>,
    /// Arguments are converted to this.
    pub ty: Type,
    /// Whether null may be given.
    pub allow_null: bool,
    /// Whether unknown may be given.
    pub allow_unknown: bool,
    /// What it is for.
    pub description: Arc<str>,
}

/// A function of a provider.
#[derive(Clone, Debug)]
pub struct FunctionSignature {
    /// The parameters.
    pub params: Vec<FunctionParameter>,
    /// The parameter for any further arguments.
    pub variadic: Option<FunctionParameter>,
    /// The result's type.
    pub returns: Type,
    /// One line.
    pub summary: Arc<str>,
    /// What it does.
    pub description: Arc<str>,
}

impl ProviderSchema {
    /// The schema of a resource type, data source or ephemeral resource type.
    pub fn get(&self, mode: addrs::Mode, kind: &str) -> Option<&Arc<ResourceSchema>> {
        self.of_mode(mode).get(kind)
    }

    /// The schemas of a mode.
    pub const fn of_mode(&self, mode: addrs::Mode) -> &SchemaMap {
        match mode {
            addrs::Mode::Managed => &self.resources,
            addrs::Mode::Data => &self.data_sources,
            addrs::Mode::Ephemeral => &self.ephemeral,
        }
    }
}
