//! `terraform` blocks.

use super::statics;
use crate::{Backend, Module, ProviderRequirement};
use addrs::{LocalProviderConfig, Provider};
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Block, BlockSchema, BodySchema, Expr};
use std::sync::{Arc, LazyLock};

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    let mut schema = super::blocks::schema(
        &["required_version", "experiments", "language"],
        &["required_providers", "cloud"],
    );
    for kind in ["backend", "provider_meta"] {
        schema.blocks.push(BlockSchema {
            kind: kind.into(),
            labels: vec!["name".into()],
        });
    }
    schema
});

pub(super) fn decode(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let (content, problems) = block.body.content(&SCHEMA);
    diags.append(problems);
    if let Some(attribute) = content.attribute("required_version")
        && let Some(text) = statics::string(attribute, diags)
    {
        module
            .required_versions
            .push((text, attribute.expr.range.clone()));
    }
    for inner in &content.blocks {
        match &*inner.kind {
            "required_providers" => required_providers(module, inner, diags),
            "provider_meta" => {
                if let Some(label) = inner.labels.first() {
                    module
                        .provider_metas
                        .insert(label.value.clone(), inner.body.clone());
                }
            }
            kind => backend(module, kind, inner, diags),
        }
    }
}

fn backend(module: &mut Module, kind: &str, block: &Block, diags: &mut Diagnostics) {
    if let Some(earlier) = &module.backend {
        diags.push(
            Diagnostic::error(
                "Duplicate backend configuration",
                format!("A module may have only one backend configuration. The backend was previously configured at {}.", earlier.range),
            )
            .at(block.def_range.clone()),
        );
        return;
    }
    let kind = block
        .labels
        .first()
        .map_or_else(|| kind.into(), |l| l.value.clone());
    module.backend = Some(Backend {
        kind,
        body: block.body.clone(),
        range: block.def_range.clone(),
    });
}

fn required_providers(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let (attributes, problems) = block.body.just_attributes();
    diags.append(problems);
    for attribute in attributes {
        if let Some(requirement) = requirement(&attribute, diags) {
            module
                .required_providers
                .insert(attribute.name.clone(), requirement);
        }
    }
}

fn requirement(attribute: &Attribute, diags: &mut Diagnostics) -> Option<ProviderRequirement> {
    let name = &attribute.name;
    let mut requirement = ProviderRequirement {
        provider: Provider::implied(name.clone()),
        constraint: "".into(),
        aliases: Vec::new(),
        range: Some(attribute.range.clone()),
    };
    let Some(items) = attribute.expr.as_static_map() else {
        requirement.constraint = statics::string(attribute, diags)?;
        return Some(requirement);
    };
    for item in items {
        let key = item
            .key
            .as_literal()
            .and_then(|k| k.as_str())
            .map_or("", |k| &**k);
        let as_attribute = Attribute {
            name: key.into(),
            name_range: item.key.range.clone(),
            expr: item.value.clone(),
            range: item.value.range.clone(),
        };
        match key {
            "source" => {
                let text = statics::string(&as_attribute, diags)?;
                match Provider::parse(&text) {
                    Ok(provider) => requirement.provider = provider,
                    Err(e) => {
                        diags.push(
                            Diagnostic::error("Invalid provider source string", e).at(item.value.range.clone()),
                        );
                        return None;
                    }
                }
            }
            "version" => requirement.constraint = statics::string(&as_attribute, diags)?,
            "configuration_aliases" => requirement.aliases = aliases(name, &item.value, diags),
            other => diags.push(
                Diagnostic::error(
                    "Invalid required_providers object",
                    format!("required_providers objects can only contain \"version\", \"source\" and \"configuration_aliases\" attributes, not {other:?}."),
                )
                .at(item.key.range.clone()),
            ),
        }
    }
    Some(requirement)
}

fn aliases(name: &Arc<str>, expr: &Expr, diags: &mut Diagnostics) -> Vec<LocalProviderConfig> {
    let elements = expr.as_static_list().unwrap_or_default();
    elements
        .iter()
        .filter_map(|element| {
            let config = super::resource::local_provider(element, diags)?;
            if config.name != *name || config.alias.is_none() {
                diags.push(
                    Diagnostic::error(
                        "Invalid configuration_aliases value",
                        format!("Configuration aliases can only contain references to aliases of the provider itself, such as {name}.west."),
                    )
                    .at(element.range.clone()),
                );
                return None;
            }
            Some(config)
        })
        .collect()
}
