//! `provider` blocks.

use super::blocks::{is_name, reserved, schema};
use super::{provider_name, statics};
use crate::{Module, ProviderBlock};
use addrs::LocalProviderConfig;
use diags::{Diagnostic, Diagnostics};
use hcl::{Block, BodySchema};
use std::sync::LazyLock;

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    schema(
        &[
            "alias",
            "version",
            "count",
            "depends_on",
            "for_each",
            "source",
        ],
        &["lifecycle", "locals", "_"],
    )
});

pub(super) fn decode(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let Some(label) = block.labels.first() else {
        return;
    };
    let (content, body, problems) = block.body.partial_content(&SCHEMA);
    diags.append(problems);
    let name = label.value.clone();
    if !provider_name::check(&name, &block.def_range, diags) {
        return;
    }
    reserved(&content, &["lifecycle", "locals"], "provider", diags);
    for reserved in ["count", "depends_on", "for_each", "source"] {
        if let Some(attribute) = content.attribute(reserved) {
            diags.push(
                Diagnostic::error(
                    "Reserved argument name in provider block",
                    format!(
                        "Arguments called {reserved:?} are kept for later versions of the language."
                    ),
                )
                .at(attribute.name_range.clone()),
            );
        }
    }
    let alias = content.attribute("alias").and_then(|a| {
        let alias = statics::string(a, diags)?;
        if is_name(&alias) {
            return Some(alias);
        }
        diags.push(
            Diagnostic::error(
                "Invalid provider configuration alias",
                "An alias is a name: it starts with a letter or underscore, and goes on with letters, digits, underscores and dashes.",
            )
            .at(a.expr.range.clone()),
        );
        None
    });
    let version = content.attribute("version").and_then(|a| {
        diags.push(
            Diagnostic::warning(
                "Version constraints inside provider configuration blocks are deprecated",
                "The versions of a provider are constrained in the required_providers block: move the constraint there.",
            )
            .at(a.expr.range.clone()),
        );
        let text = statics::version_constraint(a, diags)?;
        Some((text, a.expr.range.clone()))
    });
    let local = LocalProviderConfig {
        name: name.clone(),
        alias: alias.clone(),
    };
    if let Some(earlier) = module.providers.get(&local) {
        let detail = match &alias {
            Some(alias) => format!(
                "There is a configuration of provider {:?} with alias {:?} at {} already. Give one of the two another alias.",
                &*name, &**alias, earlier.range
            ),
            None => format!(
                "There is a configuration of provider {:?} without an alias at {} already. Give one of the two an alias.",
                &*name, earlier.range
            ),
        };
        diags.push(
            Diagnostic::error("Duplicate provider configuration", detail)
                .at(block.def_range.clone()),
        );
        return;
    }
    let range = block.def_range.clone();
    module.providers.insert(
        local,
        ProviderBlock {
            name,
            alias,
            version,
            body,
            range,
        },
    );
}
