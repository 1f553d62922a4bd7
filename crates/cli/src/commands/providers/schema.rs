//! `groma providers schema`

use super::super::metadata::ty;
use super::Outcome;
use crate::operation::{Prepared, in_round};
use crate::variables::Inputs;
use crate::workdir::{StateArgs, Workdir};
use providers::{FunctionParameter, FunctionSignature, ProviderSchema, ResourceSchema, SchemaMap};
use schema::{Attribute, AttributeType, Block, Nesting};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Show the schemas of all providers in use.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// As JSON, the only form there is
    #[arg(long)]
    json: bool,
}

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if !args.json {
        workdir
            .ui
            .err("The `groma providers schema` command requires the `-json` flag.\n");
        return Ok(1);
    }
    let (config, diags) = workdir.load_config();
    if diags.has_errors() {
        return Err(diags);
    }
    let session = workdir.open_state(Some(&config), &StateArgs::default(), None)?;
    let state = session.file().state.clone();
    let prepared = Prepared {
        config,
        inputs: Inputs::default(),
    };
    in_round(
        workdir,
        &prepared,
        Some(&state),
        engine::PlanOptions::default(),
        &engine::Silent,
        async |round| {
            let ui = &workdir.ui;
            // Some providers have thousands of schemas: each is written once it is made.
            ui.out("{\"format_version\":\"1.0\"");
            for (i, (source, schema)) in round.schemas.iter().enumerate() {
                let before = if i == 0 {
                    ",\"provider_schemas\":{"
                } else {
                    ","
                };
                ui.out(&format!("{before}\"{source}\":"));
                ui.out(&provider(schema, source.is_builtin()));
            }
            let end = if round.schemas.iter().next().is_some() {
                "}}"
            } else {
                "}"
            };
            ui.line(end);
            Ok(0)
        },
    )
}

/// All schemas as one document.
pub(crate) fn all(schemas: &engine::Schemas) -> Value {
    let all = schemas.iter().map(|(source, schema)| {
        let text = provider(schema, source.is_builtin());
        let value = serde_json::from_str(&text).unwrap_or_default();
        (source.to_string(), value)
    });
    Value::Object(all.collect())
}

fn provider(schema: &ProviderSchema, builtin: bool) -> String {
    let own = if builtin {
        json!({"version": 0})
    } else {
        versioned(&schema.provider)
    };
    let mut out = format!("{{\"provider\":{own}");
    for (key, schemas) in [
        ("resource_schemas", &schema.resources),
        ("data_source_schemas", &schema.data_sources),
        ("ephemeral_resource_schemas", &schema.ephemeral),
    ] {
        push_schemas(key, schemas, &mut out);
    }
    if !schema.functions.is_empty() {
        let functions: Map<String, Value> = schema
            .functions
            .iter()
            .map(|(name, f)| (name.to_string(), function(f)))
            .collect();
        out.push_str(&format!(",\"functions\":{}", Value::from(functions)));
    }
    out.push('}');
    out
}

fn push_schemas(key: &str, schemas: &SchemaMap, out: &mut String) {
    if schemas.is_empty() {
        return;
    }
    out.push_str(&format!(",\"{key}\":{{"));
    for (i, (name, schema)) in schemas.iter().enumerate() {
        let comma = if i == 0 { "" } else { "," };
        out.push_str(&format!("{comma}\"{name}\":{}", versioned(schema)));
    }
    out.push('}');
}

fn versioned(schema: &ResourceSchema) -> Value {
    json!({"version": schema.version, "block": block(&schema.block)})
}

fn block(block: &Block) -> Value {
    let mut out = Map::new();
    if !block.attributes.is_empty() {
        out.insert("attributes".into(), attributes(&block.attributes));
    }
    if !block.block_types.is_empty() {
        let types: Map<String, Value> = block
            .block_types
            .iter()
            .map(|(name, nested)| {
                let mut out = Map::new();
                out.insert("nesting_mode".into(), nesting(nested.nesting).into());
                out.insert("block".into(), self::block(&nested.block));
                if nested.min_items > 0 {
                    out.insert("min_items".into(), nested.min_items.into());
                }
                if nested.max_items > 0 {
                    out.insert("max_items".into(), nested.max_items.into());
                }
                (name.to_string(), out.into())
            })
            .collect();
        out.insert("block_types".into(), types.into());
    }
    describe(&block.description, block.markdown, &mut out);
    if block.deprecated {
        out.insert("deprecated".into(), true.into());
    }
    out.into()
}

fn attributes(attributes: &BTreeMap<std::sync::Arc<str>, Attribute>) -> Value {
    let all: Map<String, Value> = attributes
        .iter()
        .map(|(name, a)| (name.to_string(), attribute(a)))
        .collect();
    all.into()
}

fn attribute(attribute: &Attribute) -> Value {
    let mut out = Map::new();
    match &attribute.ty {
        AttributeType::Plain(plain) => out.insert("type".into(), ty(plain)),
        AttributeType::Nested(nested) => out.insert(
            "nested_type".into(),
            json!({
                "attributes": attributes(&nested.attributes),
                "nesting_mode": nesting(nested.nesting),
            }),
        ),
    };
    describe(&attribute.description, attribute.markdown, &mut out);
    for (name, set) in [
        ("deprecated", attribute.deprecated),
        ("required", attribute.required),
        ("optional", attribute.optional),
        ("computed", attribute.computed),
        ("sensitive", attribute.sensitive),
        ("write_only", attribute.write_only),
    ] {
        if set {
            out.insert(name.into(), true.into());
        }
    }
    out.into()
}

fn describe(description: &str, markdown: bool, out: &mut Map<String, Value>) {
    if !description.is_empty() {
        out.insert("description".into(), description.into());
    }
    let kind = if markdown { "markdown" } else { "plain" };
    out.insert("description_kind".into(), kind.into());
}

const fn nesting(nesting: Nesting) -> &'static str {
    match nesting {
        Nesting::Single => "single",
        Nesting::Group => "group",
        Nesting::List => "list",
        Nesting::Set => "set",
        Nesting::Map => "map",
    }
}

fn function(function: &FunctionSignature) -> Value {
    let mut out = Map::new();
    if !function.description.is_empty() {
        out.insert("description".into(), (*function.description).into());
    }
    if !function.summary.is_empty() {
        out.insert("summary".into(), (*function.summary).into());
    }
    out.insert("return_type".into(), ty(&function.returns));
    if !function.params.is_empty() {
        let all: Vec<Value> = function.params.iter().map(parameter).collect();
        out.insert("parameters".into(), all.into());
    }
    if let Some(variadic) = &function.variadic {
        out.insert("variadic_parameter".into(), parameter(variadic));
    }
    out.into()
}

fn parameter(parameter: &FunctionParameter) -> Value {
    let mut out = Map::new();
    out.insert("name".into(), (*parameter.name).into());
    if !parameter.description.is_empty() {
        out.insert("description".into(), (*parameter.description).into());
    }
    if parameter.allow_null {
        out.insert("is_nullable".into(), true.into());
    }
    out.insert("type".into(), ty(&parameter.ty));
    out.into()
}
