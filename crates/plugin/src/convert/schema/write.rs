//! Schemas as they are sent.

use crate::proto::tfplugin6::schema as wire;
use crate::proto::tfplugin6::{
    self, ServerCapabilities, StringKind, function, get_functions, get_metadata,
    get_provider_schema,
};
use providers::{FunctionParameter, FunctionSignature, ProviderSchema, ResourceSchema, SchemaMap};
use schema::{Attribute, AttributeType, Block, NestedAttribute, NestedBlock, Nesting};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All schemas of a provider.
pub(crate) fn provider_schema(schema: &ProviderSchema) -> get_provider_schema::Response {
    let all = |schemas: &SchemaMap| -> BTreeMap<String, tfplugin6::Schema> {
        schemas
            .iter()
            .map(|(name, schema)| (name.to_string(), resource_schema(schema)))
            .collect()
    };
    get_provider_schema::Response {
        provider: Some(resource_schema(&schema.provider)),
        resource_schemas: all(&schema.resources),
        data_source_schemas: all(&schema.data_sources),
        diagnostics: Vec::new(),
        provider_meta: schema.provider_meta.as_deref().map(resource_schema),
        server_capabilities: Some(capabilities(schema)),
        functions: signatures(schema),
        ephemeral_resource_schemas: all(&schema.ephemeral),
    }
}

/// What a provider has, by name alone: no schema is made.
pub(crate) fn metadata(schema: &ProviderSchema) -> get_metadata::Response {
    let names = |schemas: &SchemaMap| schemas.keys().map(|n| n.to_string()).collect::<Vec<_>>();
    get_metadata::Response {
        server_capabilities: Some(capabilities(schema)),
        diagnostics: Vec::new(),
        data_sources: names(&schema.data_sources)
            .into_iter()
            .map(|type_name| get_metadata::DataSourceMetadata { type_name })
            .collect(),
        resources: names(&schema.resources)
            .into_iter()
            .map(|type_name| get_metadata::ResourceMetadata { type_name })
            .collect(),
        functions: schema
            .functions
            .keys()
            .map(|name| get_metadata::FunctionMetadata {
                name: name.to_string(),
            })
            .collect(),
        ephemeral_resources: names(&schema.ephemeral)
            .into_iter()
            .map(|type_name| get_metadata::EphemeralMetadata { type_name })
            .collect(),
    }
}

/// The functions alone.
pub(crate) fn functions(schema: &ProviderSchema) -> get_functions::Response {
    get_functions::Response {
        functions: signatures(schema),
        diagnostics: Vec::new(),
    }
}

const fn capabilities(schema: &ProviderSchema) -> ServerCapabilities {
    ServerCapabilities {
        plan_destroy: schema.plan_destroy,
        get_provider_schema_optional: schema.schema_optional,
        move_resource_state: schema.move_state,
        groma_joins_reads: schema.joins_reads,
    }
}

fn signatures(schema: &ProviderSchema) -> BTreeMap<String, tfplugin6::Function> {
    schema
        .functions
        .iter()
        .map(|(name, f)| (name.to_string(), signature(f)))
        .collect()
}

fn resource_schema(schema: &ResourceSchema) -> tfplugin6::Schema {
    tfplugin6::Schema {
        version: schema.version,
        block: Some(block(&schema.block)),
    }
}

fn signature(signature: &FunctionSignature) -> tfplugin6::Function {
    tfplugin6::Function {
        parameters: signature.params.iter().map(parameter).collect(),
        variadic_parameter: signature.variadic.as_ref().map(parameter),
        r#return: Some(function::Return {
            r#type: signature.returns.to_json().into_bytes(),
        }),
        summary: signature.summary.to_string(),
        description: signature.description.to_string(),
        description_kind: StringKind::Plain.into(),
        deprecation_message: String::new(),
    }
}

fn parameter(parameter: &FunctionParameter) -> function::Parameter {
    function::Parameter {
        name: parameter.name.to_string(),
        r#type: parameter.ty.to_json().into_bytes(),
        allow_null_value: parameter.allow_null,
        allow_unknown_values: parameter.allow_unknown,
        description: parameter.description.to_string(),
        description_kind: StringKind::Plain.into(),
    }
}

fn block(block: &Block) -> wire::Block {
    wire::Block {
        version: 0,
        attributes: attributes(&block.attributes),
        block_types: block
            .block_types
            .iter()
            .map(|(name, nested)| nested_block(name, nested))
            .collect(),
        description: block.description.to_string(),
        description_kind: kind(block.markdown),
        deprecated: block.deprecated,
    }
}

fn attributes(attributes: &BTreeMap<Arc<str>, Attribute>) -> Vec<wire::Attribute> {
    attributes
        .iter()
        .map(|(name, a)| attribute(name, a))
        .collect()
}

fn attribute(name: &str, attribute: &Attribute) -> wire::Attribute {
    let (ty, nested) = match &attribute.ty {
        AttributeType::Plain(ty) => (ty.to_json().into_bytes(), None),
        AttributeType::Nested(nested) => (Vec::new(), Some(object(nested))),
    };
    wire::Attribute {
        name: name.to_owned(),
        r#type: ty,
        description: attribute.description.to_string(),
        required: attribute.required,
        optional: attribute.optional,
        computed: attribute.computed,
        sensitive: attribute.sensitive,
        description_kind: kind(attribute.markdown),
        deprecated: attribute.deprecated,
        nested_type: nested,
        write_only: attribute.write_only,
    }
}

fn object(nested: &NestedAttribute) -> wire::Object {
    use wire::object::NestingMode;
    let nesting = match nested.nesting {
        // There is no group of attributes.
        Nesting::Single | Nesting::Group => NestingMode::Single,
        Nesting::List => NestingMode::List,
        Nesting::Set => NestingMode::Set,
        Nesting::Map => NestingMode::Map,
    };
    wire::Object {
        attributes: attributes(&nested.attributes),
        nesting: nesting.into(),
        min_items: 0,
        max_items: 0,
    }
}

fn nested_block(name: &str, nested: &NestedBlock) -> wire::NestedBlock {
    use wire::nested_block::NestingMode;
    let nesting = match nested.nesting {
        Nesting::Single => NestingMode::Single,
        Nesting::Group => NestingMode::Group,
        Nesting::List => NestingMode::List,
        Nesting::Set => NestingMode::Set,
        Nesting::Map => NestingMode::Map,
    };
    let items = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    wire::NestedBlock {
        type_name: name.to_owned(),
        block: Some(block(&nested.block)),
        nesting: nesting.into(),
        min_items: items(nested.min_items),
        max_items: items(nested.max_items),
    }
}

fn kind(markdown: bool) -> i32 {
    if markdown {
        StringKind::Markdown.into()
    } else {
        StringKind::Plain.into()
    }
}
