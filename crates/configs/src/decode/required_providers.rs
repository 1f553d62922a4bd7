//! `required_providers` blocks.

use super::{provider_name, statics};
use crate::{Module, ProviderRequirement};
use addrs::{LocalProviderConfig, Provider};
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Block, Expr};
use std::sync::Arc;

pub(super) fn required_providers(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let (attributes, problems) = block.body.just_attributes();
    diags.append(problems);
    for attribute in attributes {
        if !provider_name::check(&attribute.name, &attribute.expr.range, diags) {
            continue;
        }
        if let Some(requirement) = requirement(&attribute, diags) {
            module
                .required_providers
                .insert(attribute.name.clone(), requirement);
        }
    }
}

fn requirement(attribute: &Attribute, diags: &mut Diagnostics) -> Option<ProviderRequirement> {
    let mut requirement = ProviderRequirement {
        provider: Provider::implied(attribute.name.clone()),
        constraint: "".into(),
        aliases: Vec::new(),
        range: Some(attribute.expr.range.clone()),
    };
    if let Some(items) = attribute.expr.as_static_map() {
        for item in items {
            member(&attribute.name, item, &mut requirement, diags);
        }
        return Some(requirement);
    }
    let mut problems = Diagnostics::new();
    match statics::string(attribute, &mut problems) {
        Some(text) => {
            requirement.constraint = version(&text, &attribute.expr, &attribute.range, diags)?;
        }
        None => {
            diags.push(
                Diagnostic::error(
                    "Invalid required_providers object",
                    "Each entry is an object with \"source\" and \"version\", or just the version constraint.",
                )
                .at(attribute.expr.range.clone()),
            );
            return None;
        }
    }
    Some(requirement)
}

/// The text of a constraint, if it is one.
fn version(
    text: &Arc<str>,
    expr: &Expr,
    range: &diags::SourceRange,
    diags: &mut Diagnostics,
) -> Option<Arc<str>> {
    let mut problems = Diagnostics::new();
    let is_one = statics::check_constraint(text, expr, &mut problems);
    for mut problem in problems {
        problem.subject = Some(range.clone());
        diags.push(problem);
    }
    is_one.then(|| text.clone())
}

fn member(
    name: &Arc<str>,
    item: &hcl::ObjectItem,
    requirement: &mut ProviderRequirement,
    diags: &mut Diagnostics,
) {
    let key = statics::literal_string(&item.key).map_or("", |k| &**k);
    let range = &item.value.range;
    let text = statics::literal_string(&item.value);
    let not_text = |summary: &str| {
        Diagnostic::error(summary, format!("{key:?} is a string that is written out."))
            .at(range.clone())
    };
    match (key, text) {
        ("source", None) => diags.push(not_text("Invalid source")),
        ("version", None) => diags.push(not_text("Invalid version constraint")),
        ("version", Some(text)) => {
            if let Some(text) = version(text, &item.value, range, diags) {
                requirement.constraint = text;
            }
        }
        ("source", Some(text)) => match Provider::parse_source(text) {
            Ok(provider) => requirement.provider = provider,
            Err(e) => diags.push(Diagnostic::error(e.summary, e.detail).at(range.clone())),
        },
        ("configuration_aliases", _) => requirement.aliases = aliases(name, &item.value, diags),
        (other, _) => diags.push(
            Diagnostic::error(
                "Invalid required_providers object",
                format!(
                    "An entry has \"source\", \"version\" and \"configuration_aliases\", but not {other:?}. Providers are configured \
                     in provider blocks."
                ),
            )
            .at(item.key.range.clone()),
        ),
    }
}

fn aliases(name: &Arc<str>, expr: &Expr, diags: &mut Diagnostics) -> Vec<LocalProviderConfig> {
    let Some(elements) = expr.as_static_list() else {
        diags.push(
            Diagnostic::error(
                "Invalid expression",
                "A list that is written out is required here, such as [aws.west].",
            )
            .at(statics::start_range(expr)),
        );
        return Vec::new();
    };
    let mut found = Vec::new();
    for element in elements {
        if element.as_traversal().is_none() {
            diags.push(
                Diagnostic::error(
                    "Invalid expression",
                    format!("The local name of the provider and an alias are required here, without quotes: {name}.west."),
                )
                .at(element.range.clone()),
            );
            continue;
        }
        let Some(config) = provider_name::reference(element, diags) else {
            continue;
        };
        if config.name == *name {
            found.push(config);
        } else {
            diags.push(
                Diagnostic::error(
                    "Invalid configuration_aliases value",
                    format!("Aliases of the provider {name:?} begin with its name, but {config} does not."),
                )
                .at(expr.range.clone()),
            );
        }
    }
    found
}
