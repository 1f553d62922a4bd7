//! What a contract is about.

use providers::Provider;
use sandbox::{Cloud, Sandbox};
use std::sync::Arc;

/// Where resources live: a provider, and how it is configured for a sandbox. One constant per provider.
#[derive(Clone, Copy)]
pub struct World {
    /// The provider's source: `hashicorp/aws`.
    pub source: &'static str,
    /// A new provider; whether the host writes creates down and settles them.
    pub provider: fn(journals: bool) -> Arc<dyn Provider>,
    /// The arguments of the provider block.
    pub block: fn(&Sandbox) -> String,
    /// The cloud it talks to.
    pub cloud: Cloud,
}

/// How a resource is configured. The resource under test is called `it`.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The type.
    pub kind: &'static str,
    /// Blocks that must be there for it.
    pub needs: &'static str,
    /// The arguments it is created with.
    pub create: &'static str,
    /// Arguments, one after the other, that it is changed to in place.
    pub update: &'static [&'static str],
    /// Arguments, one after the other, that need a new object.
    pub replace: &'static [&'static str],
    /// The id it is imported by, with attributes in braces: `{cluster_name}:{name}`; empty if it cannot be imported.
    pub import: &'static str,
    /// Attributes that an import does not bring: what is only in the configuration.
    pub not_imported: &'static [&'static str],
    /// Whether somebody else can remove it; not so for what is part of something.
    pub vanishes: bool,
}

impl Case {
    /// A case of a type, still without configuration.
    pub const fn new(kind: &'static str) -> Self {
        Self {
            kind,
            needs: "",
            create: "",
            update: &[],
            replace: &[],
            import: "",
            not_imported: &[],
            vanishes: true,
        }
    }
}
