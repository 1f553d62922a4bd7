//! The configuration, as far as it is static.

use super::Schemas;
use super::expression::{push_depends_on, push_expression, push_parts};
use super::shape::known_values;
use addrs::{LocalProviderConfig, Mode, Provider};
use configs::{Config, ModuleCall, Repetition, Resource};
use cty::json::write_string;
use hcl::{AttributeSchema, BlockSchema, Body, BodySchema};
use schema::{Block, Nesting};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

pub(super) fn write(config: &Config, schemas: &Schemas, out: &mut dyn Write) -> io::Result<()> {
    let mut providers = BTreeMap::new();
    collect_providers(config, None, &mut providers);
    let mut text = String::from("{");
    push_providers(&providers, schemas, &mut text);
    text.push_str("\"root_module\":");
    push_module(config, &providers, schemas, &mut text);
    text.push('}');
    out.write_all(text.as_bytes())
}

/// One provider configuration.
struct ProviderEntry<'a> {
    name: String,
    provider: Provider,
    alias: Option<Arc<str>>,
    constraint: Arc<str>,
    module: String,
    body: Option<&'a Body>,
    /// The configuration that this one only passes on.
    parent: Option<String>,
}

type Providers<'a> = BTreeMap<String, ProviderEntry<'a>>;

/// The key of a provider configuration: `aws.west`, `module.net:aws`.
fn key(module: &str, config: &LocalProviderConfig) -> String {
    if module.is_empty() {
        config.to_string()
    } else {
        format!("{module}:{config}")
    }
}

fn collect_providers<'a>(config: &'a Config, parent: Option<&str>, all: &mut Providers<'a>) {
    let module = config.path.to_string();
    let required = &config.module.required_providers;
    let constraint = |name: &Arc<str>| required.get(name).map(|r| r.constraint.clone());
    for (addr, block) in &config.module.providers {
        let provider = required.get(&block.name).map_or_else(
            || Provider::implied(block.name.clone()),
            |r| r.provider.clone(),
        );
        let entry = ProviderEntry {
            name: block.name.to_string(),
            provider,
            alias: block.alias.clone(),
            constraint: constraint(&block.name).unwrap_or_default(),
            module: module.clone(),
            body: Some(&block.body),
            parent: None,
        };
        all.insert(key(&module, addr), entry);
    }
    for (name, requirement) in required {
        let plain = LocalProviderConfig {
            name: name.clone(),
            alias: None,
        };
        for addr in requirement.aliases.iter().chain([&plain]) {
            let inherited = parent
                .filter(|_| addr.alias.is_none())
                .and_then(|parent| source(key(parent, addr), &requirement.provider, all));
            all.entry(key(&module, addr))
                .or_insert_with(|| ProviderEntry {
                    name: name.to_string(),
                    provider: requirement.provider.clone(),
                    alias: None,
                    constraint: requirement.constraint.clone(),
                    module: module.clone(),
                    body: None,
                    parent: inherited,
                });
        }
    }
    // What is needed without a word goes by the name of its type.
    let mentioned = required.values().map(|r| &r.provider);
    let used = config.module.resources.values().map(|r| &r.provider_source);
    for provider in mentioned.chain(used) {
        let addr = LocalProviderConfig {
            name: provider.kind.clone(),
            alias: None,
        };
        let inherited = parent.and_then(|parent| source(key(parent, &addr), provider, all));
        all.entry(key(&module, &addr))
            .or_insert_with(|| ProviderEntry {
                name: provider.kind.to_string(),
                provider: provider.clone(),
                alias: None,
                constraint: Arc::default(),
                module: module.clone(),
                body: None,
                parent: inherited,
            });
    }
    for (name, call) in &config.module.calls {
        let Some(child) = config.children.get(name) else {
            continue;
        };
        let child_module = child.path.to_string();
        for passed in &call.providers {
            let required = child.module.required_providers.get(&passed.child.name);
            let provider = required.map_or_else(
                || Provider::implied(passed.child.name.clone()),
                |r| r.provider.clone(),
            );
            let entry = ProviderEntry {
                name: passed.child.to_string(),
                parent: source(key(&module, &passed.parent), &provider, all),
                provider,
                alias: None,
                constraint: Arc::default(),
                module: child_module.clone(),
                body: None,
            };
            all.insert(key(&child_module, &passed.child), entry);
        }
        collect_providers(child, Some(&module), all);
    }
}

/// The configuration at the end of the chain that begins with a key.
fn source(start: String, provider: &Provider, all: &Providers<'_>) -> Option<String> {
    let mut found = None;
    let mut key = start;
    while let Some(entry) = all.get(&key).filter(|e| e.provider == *provider) {
        let next = entry.parent.clone();
        found = Some(key);
        match next {
            Some(next) => key = next,
            None => break,
        }
    }
    found
}

fn push_providers(providers: &Providers<'_>, schemas: &Schemas, out: &mut String) {
    let own = providers.iter().filter(|(_, entry)| entry.parent.is_none());
    let mut any = false;
    for (key, entry) in own {
        out.push_str(if any { "," } else { "\"provider_config\":{" });
        any = true;
        write_string(key, out);
        out.push_str(":{\"name\":");
        write_string(&entry.name, out);
        out.push_str(",\"full_name\":");
        write_string(&entry.provider.to_string(), out);
        let constraint = configs::VersionConstraints::parse(&entry.constraint)
            .map_or_else(|| entry.constraint.to_string(), |c| c.to_string());
        let optional = [
            (",\"alias\":", entry.alias.as_deref().unwrap_or_default()),
            (",\"version_constraint\":", &*constraint),
            (",\"module_address\":", &*entry.module),
        ];
        for (name, text) in optional {
            if !text.is_empty() {
                out.push_str(name);
                write_string(text, out);
            }
        }
        if let (Some(body), Some(schema)) = (entry.body, schemas.0.get(&entry.provider)) {
            push_expressions_of(body, &schema.provider.block, out);
        }
        out.push('}');
    }
    if any {
        out.push_str("},");
    }
}

fn push_module(config: &Config, providers: &Providers<'_>, schemas: &Schemas, out: &mut String) {
    out.push('{');
    let module = &config.module;
    let outputs: BTreeMap<_, _> = module.outputs.iter().collect();
    section(out, "\"outputs\":{", "}", outputs, |(name, output), out| {
        write_string(name, out);
        out.push_str(":{");
        if output.sensitive {
            out.push_str("\"sensitive\":true,");
        }
        out.push_str("\"expression\":");
        push_expression(&output.expr, out);
        push_depends_on(&output.depends_on, out);
        push_description(output.description.as_deref(), out);
        out.push('}');
    });
    let order = |r: &Resource| r.addr.mode == Mode::Data;
    // Nothing ephemeral is in a plan, not even its block.
    let all = module.resources.values();
    let mut resources: Vec<&Resource> = all.filter(|r| r.addr.mode != Mode::Ephemeral).collect();
    resources.sort_by_cached_key(|r| (order(r), r.addr.to_string()));
    section(out, "\"resources\":[", "]", resources, |resource, out| {
        push_resource(resource, config, providers, schemas, out);
    });
    let calls: BTreeMap<_, _> = module.calls.iter().collect();
    section(
        out,
        "\"module_calls\":{",
        "}",
        calls,
        |(name, call), out| {
            write_string(name, out);
            out.push(':');
            push_call(call, config.children.get(name), providers, schemas, out);
        },
    );
    let variables: BTreeMap<_, _> = module.variables.iter().collect();
    section(
        out,
        "\"variables\":{",
        "}",
        variables,
        |(name, variable), out| {
            write_string(name, out);
            out.push_str(":{");
            if let Some(default) = &variable.default {
                out.push_str("\"default\":");
                known_values(default, out);
            }
            push_description(variable.description.as_deref(), out);
            if variable.sensitive {
                comma(out);
                out.push_str("\"sensitive\":true");
            }
            out.push('}');
        },
    );
    out.push('}');
}

/// Appends items between an opening and a closing text; nothing if there are none.
fn section<T>(
    out: &mut String,
    open: &str,
    close: &str,
    items: impl IntoIterator<Item = T>,
    mut push: impl FnMut(T, &mut String),
) {
    let mut any = false;
    for item in items {
        if any {
            out.push(',');
        } else {
            comma(out);
            out.push_str(open);
            any = true;
        }
        push(item, out);
    }
    if any {
        out.push_str(close);
    }
}

fn comma(out: &mut String) {
    if !out.ends_with(['{', '[']) {
        out.push(',');
    }
}

fn push_description(description: Option<&str>, out: &mut String) {
    if let Some(text) = description.filter(|d| !d.is_empty()) {
        comma(out);
        out.push_str("\"description\":");
        write_string(text, out);
    }
}

fn push_resource(
    resource: &Resource,
    config: &Config,
    providers: &Providers<'_>,
    schemas: &Schemas,
    out: &mut String,
) {
    out.push_str("{\"address\":");
    write_string(&resource.addr.to_string(), out);
    out.push_str(match resource.addr.mode {
        Mode::Managed => ",\"mode\":\"managed\",\"type\":",
        Mode::Data => ",\"mode\":\"data\",\"type\":",
        Mode::Ephemeral => ",\"mode\":\"ephemeral\",\"type\":",
    });
    write_string(&resource.addr.kind, out);
    out.push_str(",\"name\":");
    write_string(&resource.addr.name, out);
    out.push_str(",\"provider_config_key\":");
    let provider_key = key(&config.path.to_string(), &resource.provider_config());
    let parent = providers.get(&provider_key).and_then(|p| p.parent.as_ref());
    write_string(parent.unwrap_or(&provider_key), out);
    let provisioners = resource.provisioners.iter();
    section(out, "\"provisioners\":[", "]", provisioners, |p, out| {
        out.push_str("{\"type\":");
        write_string(&p.kind, out);
        if let Some(block) = schema::provisioner(&p.kind) {
            push_expressions_of(&p.body, block, out);
        }
        out.push('}');
    });
    let schema = schemas.resource(&resource.provider_source, &resource.addr);
    if let Some(schema) = schema {
        push_expressions_of(&resource.body, &schema.block, out);
    }
    let _ = write!(
        out,
        ",\"schema_version\":{}",
        schema.map_or(0, |s| s.version)
    );
    push_repetition(&resource.repetition, out);
    push_depends_on(&resource.depends_on, out);
    out.push('}');
}

fn push_repetition(repetition: &Repetition, out: &mut String) {
    let (name, expr) = match repetition {
        Repetition::Single => return,
        Repetition::Count(expr) => ("count", expr),
        Repetition::ForEach(expr) => ("for_each", expr),
    };
    let mut text = String::new();
    push_expression(expr, &mut text);
    if text != "{}" {
        let _ = write!(out, ",\"{name}_expression\":{text}");
    }
}

fn push_call(
    call: &ModuleCall,
    child: Option<&Config>,
    providers: &Providers<'_>,
    schemas: &Schemas,
    out: &mut String,
) {
    out.push_str("{\"source\":");
    write_string(&call.source, out);
    let arguments: BTreeMap<_, _> = call.arguments.iter().collect();
    section(
        out,
        "\"expressions\":{",
        "}",
        arguments,
        |(name, argument), out| {
            write_string(name, out);
            out.push(':');
            push_expression(&argument.expr, out);
        },
    );
    push_repetition(&call.repetition, out);
    out.push_str(",\"module\":");
    match child {
        Some(child) => push_module(child, providers, schemas, out),
        None => out.push_str("{}"),
    }
    if let Some((version, _)) = &call.version {
        out.push_str(",\"version_constraint\":");
        write_string(version, out);
    }
    push_depends_on(&call.depends_on, out);
    out.push('}');
}

fn push_expressions_of(body: &Body, block: &Block, out: &mut String) {
    let start = out.len();
    out.push_str(",\"expressions\":");
    let before = out.len();
    push_expressions(body, block, out);
    if &out[before..] == "{}" {
        out.truncate(start);
    }
}

/// Appends what is written in a body: attributes as expressions, blocks as objects by the nesting of
/// their type.
fn push_expressions(body: &Body, block: &Block, out: &mut String) {
    let (content, _, _) = body.partial_content(&body_schema(block));
    let mut members: BTreeMap<Arc<str>, String> = BTreeMap::new();
    for attribute in &content.attributes {
        let mut text = String::new();
        push_expression(&attribute.expr, &mut text);
        members.insert(attribute.name.clone(), text);
    }
    for name in block.attributes_written_as_blocks(body) {
        if let Some(text) = blocks_as_attribute(body, block, &name) {
            members.insert(name, text);
        }
    }
    for inner in &content.blocks {
        let Some(nested) = block.block_types.get(&inner.kind) else {
            continue;
        };
        let text = members.entry(inner.kind.clone()).or_default();
        let repeated = !text.is_empty();
        if repeated {
            text.pop();
            text.push(',');
        }
        match nested.nesting {
            Nesting::Single | Nesting::Group => {
                text.clear();
                push_expressions(&inner.body, &nested.block, text);
            }
            Nesting::List | Nesting::Set => {
                text.push_str(if repeated { "" } else { "[" });
                push_expressions(&inner.body, &nested.block, text);
                text.push(']');
            }
            Nesting::Map => {
                text.push_str(if repeated { "" } else { "{" });
                write_string(inner.labels.first().map_or("", |l| &l.value), text);
                text.push(':');
                push_expressions(&inner.body, &nested.block, text);
                text.push('}');
            }
        }
    }
    out.push('{');
    for (i, (name, text)) in members.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_string(name, out);
        out.push(':');
        out.push_str(text);
    }
    out.push('}');
}

/// An attribute that is written as blocks, as one expression; dynamic blocks are none.
fn blocks_as_attribute(body: &Body, block: &Block, name: &Arc<str>) -> Option<String> {
    let attribute = block.attributes.get(name)?;
    let ty = attribute.implied_type();
    let (cty::Type::List(element) | cty::Type::Set(element)) = &ty else {
        return None;
    };
    let inside = BodySchema {
        attributes: element
            .as_object()?
            .iter()
            .map(|(name, _)| AttributeSchema {
                name: name.clone(),
                required: false,
            })
            .collect(),
        blocks: Vec::new(),
    };
    let outside = BodySchema {
        attributes: Vec::new(),
        blocks: vec![BlockSchema {
            kind: name.clone(),
            labels: Vec::new(),
        }],
    };
    let (content, _, _) = body.partial_content(&outside);
    if content.blocks.is_empty() {
        return None;
    }
    let contents: Vec<_> = content
        .blocks
        .iter()
        .map(|block| block.body.partial_content(&inside).0)
        .collect();
    let mut traversals = Vec::new();
    for content in &contents {
        let mut attributes: Vec<_> = content.attributes.iter().collect();
        attributes.sort_by(|a, b| a.name.cmp(&b.name));
        traversals.extend(attributes.into_iter().flat_map(|a| a.expr.traversals()));
    }
    let constant = traversals.is_empty().then(|| {
        let alone = Block::new([(name.clone(), attribute.clone())], []);
        let scope = hcl::MapScope::default();
        let env = hcl::Env::new(&scope);
        schema::decode(body, &alone, &env).0.get(name).cloned()
    });
    let mut text = String::new();
    push_parts(constant.flatten(), traversals, &mut text);
    Some(text)
}

fn body_schema(block: &Block) -> BodySchema {
    let attributes = block.attributes.iter().filter(|(_, a)| a.is_settable());
    let attributes = attributes.map(|(name, _)| AttributeSchema {
        name: name.clone(),
        required: false,
    });
    let blocks = block.block_types.iter().map(|(name, nested)| BlockSchema {
        kind: name.clone(),
        labels: match nested.nesting {
            Nesting::Map => vec!["key".into()],
            _ => Vec::new(),
        },
    });
    BodySchema {
        attributes: attributes.collect(),
        blocks: blocks.collect(),
    }
}
