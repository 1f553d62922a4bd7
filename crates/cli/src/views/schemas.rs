//! The schemas of a run, as views look them up.

use addrs::{Provider, Resource};
use cty::{Marks, Path, Type, Value};

/// Finds the types of stored objects.
pub(crate) struct StateSchemas<'s>(pub(crate) &'s engine::Schemas);

impl states::json::Schemas for StateSchemas<'_> {
    fn find(&self, provider: &Provider, resource: &Resource) -> Option<(i64, Type)> {
        let schema = self.0.resource(provider, resource)?;
        Some((schema.version, schema.block.implied_type()))
    }

    fn sensitive_paths(
        &self,
        provider: &Provider,
        resource: &Resource,
        value: &Value,
    ) -> Vec<(Path, Marks)> {
        let schema = self.0.resource(provider, resource);
        schema
            .map(|s| schema::sensitive_paths(value, &s.block))
            .unwrap_or_default()
    }
}

impl super::plan::Blocks for engine::Schemas {
    fn block(&self, provider: &Provider, resource: &Resource) -> Option<&schema::Block> {
        let schema = self.provider(provider)?;
        schema.get(resource.mode, &resource.kind).map(|s| &s.block)
    }
}
