//! The schemas that a plan is shown with.

use addrs::{Provider, Resource};
use cty::{Marks, Path, Type, Value};
use providers::{ProviderSchema, ResourceSchema};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The schemas of all providers that a plan or state needs.
#[derive(Clone, Debug, Default)]
pub struct Schemas(pub BTreeMap<Provider, Arc<ProviderSchema>>);

impl Schemas {
    /// The schema of a resource type or data source.
    pub fn resource(&self, provider: &Provider, resource: &Resource) -> Option<&ResourceSchema> {
        let schema = self.0.get(provider)?;
        schema.get(resource.mode, &resource.kind).map(|s| &**s)
    }

    /// An object of the resource type with the marks that its schema asks for.
    pub fn marked(&self, provider: &Provider, resource: &Resource, value: &Value) -> Value {
        match self.resource(provider, resource) {
            Some(schema) => value.mark_with_paths(&schema::sensitive_paths(value, &schema.block)),
            None => value.clone(),
        }
    }
}

impl states::json::Schemas for Schemas {
    fn find(&self, provider: &Provider, resource: &Resource) -> Option<(i64, Type)> {
        let schema = self.resource(provider, resource)?;
        Some((schema.version, schema.block.implied_type()))
    }

    fn sensitive_paths(
        &self,
        provider: &Provider,
        resource: &Resource,
        value: &Value,
    ) -> Vec<(Path, Marks)> {
        self.resource(provider, resource)
            .map(|schema| schema::sensitive_paths(value, &schema.block))
            .unwrap_or_default()
    }
}
