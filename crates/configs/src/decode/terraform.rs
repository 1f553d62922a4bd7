//! `terraform` blocks.

use super::blocks::schema;
use super::required_providers::required_providers;
use super::statics;
use crate::{Backend, LANGUAGE_VERSION, Module, VersionConstraints};
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Block, BlockSchema, BodySchema};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    let mut schema = schema(
        &["required_version", "experiments", "language"],
        &["required_providers", "cloud"],
    );
    for (kind, label) in [("backend", "type"), ("provider_meta", "provider")] {
        schema.blocks.push(BlockSchema {
            kind: kind.into(),
            labels: vec![label.into()],
        });
    }
    schema
});

/// What all `terraform` blocks of a module have said so far, beyond what is in the module.
#[derive(Default)]
pub(super) struct Seen<'b> {
    required_providers: Option<&'b Block>,
    backend: Option<Block>,
    cloud: Option<Block>,
}

/// Decodes all `terraform` blocks of a module.
pub(super) fn decode<'b>(
    module: &mut Module,
    blocks: impl Iterator<Item = &'b Block>,
    diags: &mut Diagnostics,
) {
    let contents: Vec<_> = blocks
        .map(|block| {
            let (content, problems) = block.body.content(&SCHEMA);
            diags.append(problems);
            content
        })
        .collect();
    let mut seen = Seen::default();
    for content in &contents {
        for attribute in &content.attributes {
            match &*attribute.name {
                "required_version" => required_version(module, attribute, diags),
                "language" => language(attribute, diags),
                _ => experiments(attribute, diags),
            }
        }
        for inner in &content.blocks {
            nested(module, inner, &mut seen, diags);
        }
    }
    if let (Some(backend), Some(cloud)) = (&seen.backend, &seen.cloud) {
        let detail = format!(
            "The state is kept either by a backend or in the cloud: there is a cloud block at {} too. Remove one of them.",
            cloud.def_range
        );
        diags.push(
            Diagnostic::error("Both a backend and cloud configuration are present", detail)
                .at(backend.def_range.clone()),
        );
    }
}

fn nested<'b>(module: &mut Module, block: &'b Block, seen: &mut Seen<'b>, diags: &mut Diagnostics) {
    match &*block.kind {
        "required_providers" => match seen.required_providers {
            Some(earlier) => {
                let detail = format!(
                    "There is one at {} already: put all entries into one block.",
                    earlier.def_range
                );
                diags.push(
                    Diagnostic::error("Duplicate required providers configuration", detail)
                        .at(block.def_range.clone()),
                );
            }
            None => {
                seen.required_providers = Some(block);
                required_providers(module, block, diags);
            }
        },
        "provider_meta" => {
            let Some(label) = block.labels.first() else {
                return;
            };
            if module.provider_metas.contains_key(&label.value) {
                let detail = format!(
                    "There is one for {:?} already, and a module can have only one for each provider.",
                    &*label.value
                );
                diags.push(
                    Diagnostic::error("Duplicate provider_meta block", detail)
                        .at(block.def_range.clone()),
                );
                return;
            }
            module
                .provider_metas
                .insert(label.value.clone(), block.body.clone());
        }
        "cloud" => {
            keep(
                &mut seen.cloud,
                block,
                "Duplicate HCP Terraform configurations",
                diags,
            );
            backend(module, block);
        }
        _ => {
            keep(
                &mut seen.backend,
                block,
                "Duplicate backend configuration",
                diags,
            );
            backend(module, block);
        }
    }
}

fn keep(seen: &mut Option<Block>, block: &Block, summary: &str, diags: &mut Diagnostics) {
    match seen {
        None => *seen = Some(block.clone()),
        Some(earlier) => {
            let detail = format!(
                "There is one at {} already, and the state has one place only.",
                earlier.def_range
            );
            diags.push(Diagnostic::error(summary, detail).at(block.def_range.clone()));
        }
    }
}

fn backend(module: &mut Module, block: &Block) {
    module.backend.get_or_insert_with(|| Backend {
        kind: block
            .labels
            .first()
            .map_or_else(|| block.kind.clone(), |l| l.value.clone()),
        body: block.body.clone(),
        values: BTreeMap::new(),
        problems: Diagnostics::new(),
        range: block.def_range.clone(),
    });
}

fn required_version(module: &mut Module, attribute: &Attribute, diags: &mut Diagnostics) {
    let Some(value) = statics::value(&attribute.expr, diags) else {
        return;
    };
    let Some(text) = statics::as_string(attribute, &value, diags) else {
        return;
    };
    if VersionConstraints::parse(&text).is_none() {
        statics::check_constraint(&text, &attribute.expr, diags);
        return;
    }
    module
        .required_versions
        .push((text, attribute.range.clone()));
}

/// Reports the constraints that the language spoken here does not satisfy.
pub(super) fn check_versions(module: &Module, diags: &mut Diagnostics) {
    for (text, range) in &module.required_versions {
        let allowed = VersionConstraints::parse(text).is_none_or(|c| c.allow(&LANGUAGE_VERSION));
        if !allowed {
            diags.push(
                Diagnostic::error(
                    "Unsupported Terraform Core version",
                    format!(
                        "The module asks for Terraform {text}, but the language of version {LANGUAGE_VERSION} is spoken here. Choose \
                         another version of the module, or change the constraint if you know that the module works with it."
                    ),
                )
                .at(range.clone()),
            );
        }
    }
}

fn language(attribute: &Attribute, diags: &mut Diagnostics) {
    let (summary, detail) = match attribute.expr.as_keyword() {
        Some("TF2021") => return,
        Some(_) => (
            "Unsupported language edition",
            "The only edition of the language that is supported is TF2021.",
        ),
        None => (
            "Invalid language edition",
            "The keyword of an edition is required: the only one is TF2021.",
        ),
    };
    diags.push(Diagnostic::error(summary, detail).at(attribute.expr.range.clone()));
}

fn experiments(attribute: &Attribute, diags: &mut Diagnostics) {
    if attribute
        .expr
        .as_static_list()
        .is_some_and(<[hcl::Expr]>::is_empty)
    {
        return;
    }
    diags.push(
        Diagnostic::error(
            "Module uses experimental features",
            "Experiments are not supported: remove the argument and what depends on it.",
        )
        .at(attribute.name_range.clone()),
    );
}
