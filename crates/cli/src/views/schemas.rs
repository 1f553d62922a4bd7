//! The schemas of a run, as views look them up.

/// The schemas in the form that plans and states are shown with.
pub(crate) fn of(schemas: &engine::Schemas) -> plans::json::Schemas {
    plans::json::Schemas(
        schemas
            .iter()
            .map(|(source, schema)| (source.clone(), schema.clone()))
            .collect(),
    )
}
