//! `check` blocks.

use super::blocks::{duplicate, name, schema};
use super::lifecycle::check_rules;
use super::resource;
use crate::{Check, Module};
use addrs::Mode;
use diags::{Diagnostic, Diagnostics};
use hcl::{Block, BlockSchema, BodySchema};
use std::sync::LazyLock;

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    let mut schema = schema(&[], &["assert"]);
    schema.blocks.push(BlockSchema {
        kind: "data".into(),
        labels: vec!["type".into(), "name".into()],
    });
    schema
});

pub(super) fn decode(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let (content, problems) = block.body.content(&SCHEMA);
    diags.append(problems);
    let named = name("check block", block, diags);
    let mut blocks = content.blocks_of("data");
    let data = blocks.next();
    for more in blocks {
        let first = data.map_or_else(|| block.def_range.clone(), |b| b.def_range.clone());
        diags.push(
            Diagnostic::error(
                "Multiple data resource blocks",
                format!("A check can have only one data block. There is one at {first}."),
            )
            .at(more.def_range.clone()),
        );
    }
    let asserts = check_rules("assert", &content, None, diags);
    if asserts.is_empty() {
        diags.push(
            Diagnostic::error(
                "Zero assert blocks",
                "A check needs an assert block: what would it check without one?",
            )
            .at(block.def_range.clone()),
        );
    }
    let label = named
        .clone()
        .or_else(|| block.labels.first().map(|l| l.value.clone()))
        .unwrap_or_default();
    let data = data.and_then(|inner| {
        let resource = resource::resource(inner, Mode::Data, Some(label), diags)?;
        let addr = resource.addr.clone();
        resource::insert(module, resource, inner, diags);
        Some(addr)
    });
    let Some(name) = named else {
        return;
    };
    if let Some(earlier) = module.checks.get(&name) {
        return duplicate(
            &format!("check {:?} configuration", &*name),
            &format!("A check named {:?}", &*name),
            &earlier.range,
            block,
            diags,
        );
    }
    let check = Check {
        name: name.clone(),
        data,
        asserts,
        range: block.def_range.clone(),
    };
    module.checks.insert(name, check);
}
