//! `module` blocks.

use super::blocks::{duplicate, name, schema};
use super::lifecycle::depends_on;
use super::resource::{local_provider, repetition};
use super::statics;
use crate::{Module, ModuleCall, PassedProvider};
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Block, BodySchema};
use std::sync::LazyLock;

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    schema(
        &[
            "source!",
            "version",
            "count",
            "for_each",
            "depends_on",
            "providers",
        ],
        &["_", "lifecycle"],
    )
});

pub(super) fn decode(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let Some(name) = name("module instance", block, diags) else {
        return;
    };
    if let Some(earlier) = module.calls.get(&name) {
        return duplicate(
            "module call",
            &format!("A module call named {:?}", &*name),
            &earlier.range,
            block,
            diags,
        );
    }
    let (content, rest, problems) = block.body.partial_content(&SCHEMA);
    diags.append(problems);
    if let Some(lifecycle) = content.blocks_of("lifecycle").next() {
        diags.push(
            Diagnostic::error(
                "Unsupported block type",
                "Blocks of type \"lifecycle\" are not expected here.",
            )
            .at(lifecycle.def_range.clone()),
        );
    }
    let Some(source) = content.attribute("source") else {
        return;
    };
    let Some(text) = statics::string(source, diags) else {
        return;
    };
    if text.is_empty() {
        diags.push(
            Diagnostic::error(
                "Invalid module source address",
                "A module's source is a path such as \"./network\" or the address of a module in a registry or repository.",
            )
            .at(source.expr.range.clone()),
        );
        return;
    }
    let version = content
        .attribute("version")
        .and_then(|a| statics::string(a, diags).map(|text| (text, a.expr.range.clone())));
    let (arguments, problems) = rest.just_attributes();
    diags.append(problems);
    let taken = [
        "source",
        "version",
        "count",
        "for_each",
        "depends_on",
        "providers",
    ];
    let call = ModuleCall {
        name: name.clone(),
        source: text,
        source_range: source.expr.range.clone(),
        version,
        repetition: repetition(&content, diags),
        depends_on: content
            .attribute("depends_on")
            .map(|a| depends_on(a, diags))
            .unwrap_or_default(),
        providers: content
            .attribute("providers")
            .map(|a| passed(a, diags))
            .unwrap_or_default(),
        arguments: arguments
            .into_iter()
            .filter(|a| !taken.contains(&&*a.name))
            .map(|a| (a.name.clone(), a))
            .collect(),
        body: rest,
        range: block.def_range.clone(),
    };
    module.calls.insert(name, call);
}

fn passed(attribute: &Attribute, diags: &mut Diagnostics) -> Vec<PassedProvider> {
    let Some(items) = attribute.expr.as_static_map() else {
        diags.push(
            Diagnostic::error(
                "Invalid providers argument",
                "A map of provider configurations is required, such as { aws = aws.west }.",
            )
            .at(attribute.expr.range.clone()),
        );
        return Vec::new();
    };
    items
        .iter()
        .filter_map(|item| {
            Some(PassedProvider {
                child: local_provider(&item.key, diags)?,
                parent: local_provider(&item.value, diags)?,
                range: item.key.range.to(&item.value.range),
            })
        })
        .collect()
}
