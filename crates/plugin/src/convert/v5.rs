//! The schema messages of version 5 as those of version 6, and back.

use crate::proto::{tfplugin5, tfplugin6};

impl From<tfplugin5::get_provider_schema::Response> for tfplugin6::get_provider_schema::Response {
    fn from(v5: tfplugin5::get_provider_schema::Response) -> Self {
        Self {
            provider: v5.provider.map(Into::into),
            resource_schemas: v5
                .resource_schemas
                .into_iter()
                .map(|(n, s)| (n, s.into()))
                .collect(),
            data_source_schemas: v5
                .data_source_schemas
                .into_iter()
                .map(|(n, s)| (n, s.into()))
                .collect(),
            diagnostics: v5.diagnostics,
            provider_meta: v5.provider_meta.map(Into::into),
            server_capabilities: v5.server_capabilities,
            functions: v5.functions,
            ephemeral_resource_schemas: v5
                .ephemeral_resource_schemas
                .into_iter()
                .map(|(n, s)| (n, s.into()))
                .collect(),
        }
    }
}

impl From<tfplugin5::Schema> for tfplugin6::Schema {
    fn from(v5: tfplugin5::Schema) -> Self {
        Self {
            version: v5.version,
            block: v5.block.map(Into::into),
        }
    }
}

impl From<tfplugin5::schema::Block> for tfplugin6::schema::Block {
    fn from(v5: tfplugin5::schema::Block) -> Self {
        Self {
            version: v5.version,
            attributes: v5.attributes.into_iter().map(Into::into).collect(),
            block_types: v5.block_types.into_iter().map(Into::into).collect(),
            description: v5.description,
            description_kind: v5.description_kind,
            deprecated: v5.deprecated,
        }
    }
}

impl From<tfplugin5::schema::Attribute> for tfplugin6::schema::Attribute {
    fn from(v5: tfplugin5::schema::Attribute) -> Self {
        Self {
            name: v5.name,
            r#type: v5.r#type,
            description: v5.description,
            required: v5.required,
            optional: v5.optional,
            computed: v5.computed,
            sensitive: v5.sensitive,
            description_kind: v5.description_kind,
            deprecated: v5.deprecated,
            nested_type: None,
            write_only: v5.write_only,
        }
    }
}

impl From<tfplugin5::schema::NestedBlock> for tfplugin6::schema::NestedBlock {
    fn from(v5: tfplugin5::schema::NestedBlock) -> Self {
        Self {
            type_name: v5.type_name,
            block: v5.block.map(Into::into),
            nesting: v5.nesting,
            min_items: v5.min_items,
            max_items: v5.max_items,
        }
    }
}

/// Why a schema cannot be told in version 5.
#[derive(Debug, thiserror::Error)]
#[error(
    "attribute {0:?} has attributes of its own, which version 5 of the protocol cannot express"
)]
#[allow(
    unreachable_pub,
    reason = "part of impls of generated types, which are pub"
)]
pub struct NestedAttribute(String);

type Result<T> = std::result::Result<T, NestedAttribute>;

impl TryFrom<tfplugin6::get_provider_schema::Response>
    for tfplugin5::get_provider_schema::Response
{
    type Error = NestedAttribute;

    fn try_from(v6: tfplugin6::get_provider_schema::Response) -> Result<Self> {
        fn all<K: Ord>(
            schemas: std::collections::BTreeMap<K, tfplugin6::Schema>,
        ) -> Result<std::collections::BTreeMap<K, tfplugin5::Schema>> {
            schemas
                .into_iter()
                .map(|(n, s)| Ok((n, s.try_into()?)))
                .collect()
        }
        Ok(Self {
            provider: v6.provider.map(TryInto::try_into).transpose()?,
            resource_schemas: all(v6.resource_schemas)?,
            data_source_schemas: all(v6.data_source_schemas)?,
            diagnostics: v6.diagnostics,
            provider_meta: v6.provider_meta.map(TryInto::try_into).transpose()?,
            server_capabilities: v6.server_capabilities,
            functions: v6.functions,
            ephemeral_resource_schemas: all(v6.ephemeral_resource_schemas)?,
        })
    }
}

impl TryFrom<tfplugin6::Schema> for tfplugin5::Schema {
    type Error = NestedAttribute;

    fn try_from(v6: tfplugin6::Schema) -> Result<Self> {
        Ok(Self {
            version: v6.version,
            block: v6.block.map(TryInto::try_into).transpose()?,
        })
    }
}

impl TryFrom<tfplugin6::schema::Block> for tfplugin5::schema::Block {
    type Error = NestedAttribute;

    fn try_from(v6: tfplugin6::schema::Block) -> Result<Self> {
        Ok(Self {
            version: v6.version,
            attributes: v6
                .attributes
                .into_iter()
                .map(TryInto::try_into)
                .collect::<Result<_>>()?,
            block_types: v6
                .block_types
                .into_iter()
                .map(TryInto::try_into)
                .collect::<Result<_>>()?,
            description: v6.description,
            description_kind: v6.description_kind,
            deprecated: v6.deprecated,
        })
    }
}

impl TryFrom<tfplugin6::schema::Attribute> for tfplugin5::schema::Attribute {
    type Error = NestedAttribute;

    fn try_from(v6: tfplugin6::schema::Attribute) -> Result<Self> {
        if v6.nested_type.is_some() {
            return Err(NestedAttribute(v6.name));
        }
        Ok(Self {
            name: v6.name,
            r#type: v6.r#type,
            description: v6.description,
            required: v6.required,
            optional: v6.optional,
            computed: v6.computed,
            sensitive: v6.sensitive,
            description_kind: v6.description_kind,
            deprecated: v6.deprecated,
            write_only: v6.write_only,
        })
    }
}

impl TryFrom<tfplugin6::schema::NestedBlock> for tfplugin5::schema::NestedBlock {
    type Error = NestedAttribute;

    fn try_from(v6: tfplugin6::schema::NestedBlock) -> Result<Self> {
        Ok(Self {
            type_name: v6.type_name,
            block: v6.block.map(TryInto::try_into).transpose()?,
            nesting: v6.nesting,
            min_items: v6.min_items,
            max_items: v6.max_items,
        })
    }
}
