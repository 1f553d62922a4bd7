//! Schemas: read with the checks that a schema must pass, and written.

pub(crate) mod write;

use crate::proto::tfplugin6::schema as wire;
use crate::proto::tfplugin6::{self, StringKind, function};
use cty::Type;
use providers::{FunctionParameter, FunctionSignature, ProviderSchema, ResourceSchema};
use schema::{Attribute, AttributeType, Block, NestedAttribute, NestedBlock, Nesting};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is wrong with a schema, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", .place.iter().rev().map(|p| format!("{p}: ")).collect::<String>())]
pub(crate) struct SchemaError {
    /// From the inside out.
    place: Vec<String>,
    message: String,
}

type Result<T> = std::result::Result<T, SchemaError>;

impl SchemaError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            place: Vec::new(),
            message: message.into(),
        }
    }

    pub(crate) fn within(mut self, place: impl Into<String>) -> Self {
        self.place.push(place.into());
        self
    }
}

/// What a provider says of itself as it was received, without its types.
pub(crate) fn provider_schema(
    message: tfplugin6::get_provider_schema::Response,
) -> Result<ProviderSchema> {
    let capabilities = message.server_capabilities.unwrap_or_default();
    let one = |message: Option<tfplugin6::Schema>, what: &str| {
        message
            .map(|s| resource_schema(s).map(Arc::new).map_err(|e| e.within(what)))
            .transpose()
    };
    let functions = message
        .functions
        .into_iter()
        .map(|(name, f)| {
            let signature = signature(f).map_err(|e| e.within(format!("function {name:?}")))?;
            Ok((Arc::from(name), signature))
        })
        .collect::<Result<BTreeMap<Arc<str>, FunctionSignature>>>()?;
    Ok(ProviderSchema {
        provider: one(message.provider, "provider block")?.unwrap_or_default(),
        provider_meta: one(message.provider_meta, "provider_meta block")?,
        functions,
        plan_destroy: capabilities.plan_destroy,
        schema_optional: capabilities.get_provider_schema_optional,
        move_state: capabilities.move_resource_state,
        joins_reads: capabilities.groma_joins_reads,
        ..ProviderSchema::default()
    })
}

/// One schema as it was received.
pub(crate) fn resource_schema(message: tfplugin6::Schema) -> Result<ResourceSchema> {
    Ok(ResourceSchema {
        version: message.version,
        block: block(message.block.unwrap_or_default())?,
    })
}

/// A signature as it was received.
pub(crate) fn signature(message: tfplugin6::Function) -> Result<FunctionSignature> {
    let returns = message.r#return.unwrap_or_default().r#type;
    Ok(FunctionSignature {
        params: message
            .parameters
            .into_iter()
            .map(parameter)
            .collect::<Result<_>>()?,
        variadic: message.variadic_parameter.map(parameter).transpose()?,
        returns: read_type(&returns).map_err(|e| e.within("result"))?,
        summary: message.summary.into(),
        description: message.description.into(),
    })
}

fn parameter(message: function::Parameter) -> Result<FunctionParameter> {
    let ty = read_type(&message.r#type)
        .map_err(|e| e.within(format!("parameter {:?}", message.name)))?;
    Ok(FunctionParameter {
        name: message.name.into(),
        ty,
        allow_null: message.allow_null_value,
        allow_unknown: message.allow_unknown_values,
        description: message.description.into(),
    })
}

fn read_type(json: &[u8]) -> Result<Type> {
    Type::from_json(json).map_err(|e| SchemaError::new(format!("the type is invalid: {e}")))
}

/// As deep as messages can be nested, which bounds the recursion.
fn block(message: wire::Block) -> Result<Block> {
    let mut attributes = BTreeMap::new();
    for attribute in message.attributes {
        insert_attribute(&mut attributes, attribute)?;
    }
    let mut block_types: BTreeMap<Arc<str>, NestedBlock> = BTreeMap::new();
    for nested in message.block_types {
        let name: Arc<str> = nested.type_name.as_str().into();
        check_name(&name)?;
        if attributes.contains_key(&name) || block_types.contains_key(&name) {
            return Err(SchemaError::new(format!("{name:?} is there twice")));
        }
        let nested = nested_block(nested).map_err(|e| e.within(format!("block {name:?}")))?;
        block_types.insert(name, nested);
    }
    let mut block = Block::new(attributes, block_types);
    block.description = message.description.into();
    block.markdown = message.description_kind == StringKind::Markdown as i32;
    block.deprecated = message.deprecated;
    Ok(block)
}

fn insert_attribute(
    into: &mut BTreeMap<Arc<str>, Attribute>,
    message: wire::Attribute,
) -> Result<()> {
    let name: Arc<str> = message.name.as_str().into();
    let attribute = attribute(message).map_err(|e| e.within(format!("attribute {name:?}")))?;
    if into.insert(name.clone(), attribute).is_some() {
        return Err(SchemaError::new(format!("{name:?} is there twice")));
    }
    Ok(())
}

fn attribute(message: wire::Attribute) -> Result<Attribute> {
    if !(message.required || message.optional || message.computed) {
        return Err(SchemaError::new(
            "it is none of required, optional and computed",
        ));
    }
    if message.required && (message.optional || message.computed) {
        return Err(SchemaError::new(
            "it is required and also optional or computed",
        ));
    }
    let ty = match (message.nested_type, message.r#type.is_empty()) {
        (None, false) => AttributeType::Plain(read_type(&message.r#type)?),
        (Some(nested), true) => AttributeType::Nested(Arc::new(nested_attribute(nested)?)),
        (None, true) => return Err(SchemaError::new("it has no type")),
        (Some(_), false) => {
            return Err(SchemaError::new(
                "it has both a type and attributes of its own",
            ));
        }
    };
    Ok(Attribute {
        ty,
        description: message.description.into(),
        markdown: message.description_kind == StringKind::Markdown as i32,
        required: message.required,
        optional: message.optional,
        computed: message.computed,
        sensitive: message.sensitive,
        write_only: message.write_only,
        deprecated: message.deprecated,
    })
}

fn nested_attribute(message: wire::Object) -> Result<NestedAttribute> {
    use wire::object::NestingMode;
    let nesting = match message.nesting() {
        NestingMode::Single => Nesting::Single,
        NestingMode::List => Nesting::List,
        NestingMode::Set => Nesting::Set,
        NestingMode::Map => Nesting::Map,
        NestingMode::Invalid => return Err(SchemaError::new("its nesting mode is unknown")),
    };
    let mut attributes = BTreeMap::new();
    for attribute in message.attributes {
        insert_attribute(&mut attributes, attribute)?;
    }
    let nested = NestedAttribute {
        nesting,
        attributes,
    };
    if nesting == Nesting::Set {
        check_set(
            &nested.element_type(),
            nested.attributes.values().any(has_write_only),
        )?;
    }
    Ok(nested)
}

fn nested_block(message: wire::NestedBlock) -> Result<NestedBlock> {
    use wire::nested_block::NestingMode;
    let nesting = match message.nesting() {
        NestingMode::Single => Nesting::Single,
        NestingMode::Group => Nesting::Group,
        NestingMode::List => Nesting::List,
        NestingMode::Set => Nesting::Set,
        NestingMode::Map => Nesting::Map,
        NestingMode::Invalid => return Err(SchemaError::new("its nesting mode is unknown")),
    };
    let items =
        |n: i64| u64::try_from(n).map_err(|_| SchemaError::new("its number of items is negative"));
    let (min_items, max_items) = (items(message.min_items)?, items(message.max_items)?);
    if max_items != 0 && min_items > max_items {
        return Err(SchemaError::new(
            "its smallest number of items is above its largest",
        ));
    }
    let block = block(message.block.unwrap_or_default())?;
    if nesting == Nesting::Set {
        check_set(&block.implied_type(), block_has_write_only(&block))?;
    }
    Ok(NestedBlock {
        nesting,
        block,
        min_items,
        max_items,
    })
}

fn check_set(element: &Type, write_only: bool) -> Result<()> {
    if element.has_dynamic() {
        return Err(SchemaError::new(
            "it is a set, which may not contain attributes of dynamic type",
        ));
    }
    if write_only {
        return Err(SchemaError::new(
            "it is a set, which may not contain write-only attributes",
        ));
    }
    Ok(())
}

fn has_write_only(attribute: &Attribute) -> bool {
    let inside = match &attribute.ty {
        AttributeType::Plain(_) => false,
        AttributeType::Nested(nested) => nested.attributes.values().any(has_write_only),
    };
    attribute.write_only || inside
}

fn block_has_write_only(block: &Block) -> bool {
    block.attributes.values().any(has_write_only)
        || block
            .block_types
            .values()
            .any(|nested| block_has_write_only(&nested.block))
}

fn check_name(name: &str) -> Result<()> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if !name.is_empty() && name.bytes().all(allowed) {
        Ok(())
    } else {
        Err(SchemaError::new(format!(
            "the name {name:?} has something else in it than lower-case letters, digits and underscores"
        )))
    }
}

#[cfg(test)]
mod tests;
