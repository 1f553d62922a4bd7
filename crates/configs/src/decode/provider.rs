//! `provider` blocks.

use super::blocks::{name, schema};
use super::statics;
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
    let Some(name) = name("provider", block, diags) else {
        return;
    };
    let (content, body, problems) = block.body.partial_content(&SCHEMA);
    diags.append(problems);
    for reserved in ["count", "depends_on", "for_each", "source"] {
        if let Some(attribute) = content.attribute(reserved) {
            diags.push(
                Diagnostic::error(
                    "Reserved argument name in provider block",
                    format!(
                        "The provider argument name {reserved:?} is reserved for a future version."
                    ),
                )
                .at(attribute.name_range.clone()),
            );
        }
    }
    let alias = content
        .attribute("alias")
        .and_then(|a| statics::string(a, diags));
    let version = content
        .attribute("version")
        .and_then(|a| statics::string(a, diags).map(|text| (text, a.expr.range.clone())));
    let local = LocalProviderConfig {
        name: name.clone(),
        alias: alias.clone(),
    };
    if let Some(earlier) = module.providers.get(&local) {
        let detail = match &alias {
            Some(alias) => format!(
                "A provider configuration for {:?} with alias {:?} was already given at {}. Each configuration for the same provider must have a distinct alias.",
                &*name, &**alias, earlier.range
            ),
            None => format!(
                "A default (non-aliased) provider configuration for {:?} was already given at {}. If multiple configurations are required, set the \"alias\" argument for alternative configurations.",
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
