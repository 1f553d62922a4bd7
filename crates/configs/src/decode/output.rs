//! `output` blocks.

use super::blocks::{duplicate, name, schema};
use super::lifecycle::{check_rules, depends_on};
use super::statics;
use crate::{Module, Output};
use diags::{Diagnostic, Diagnostics};
use hcl::{Block, BodySchema};
use std::sync::LazyLock;

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    schema(
        &[
            "description",
            "value!",
            "depends_on",
            "sensitive",
            "ephemeral",
        ],
        &["precondition", "postcondition"],
    )
});

pub(super) fn decode(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let (content, problems) = block.body.content(&SCHEMA);
    diags.append(problems);
    let Some(name) = name("output", block, diags) else {
        return;
    };
    if let Some(earlier) = module.outputs.get(&name) {
        return duplicate(
            "output definition",
            &format!("An output named {:?}", &*name),
            &earlier.range,
            block,
            diags,
        );
    }
    if let Some(block) = content.blocks_of("postcondition").next() {
        diags.push(
            Diagnostic::error(
                "Postconditions are not allowed",
                "An output value can only have preconditions: nothing happens between its value and the end.",
            )
            .at(block.kind_range.clone()),
        );
    }
    let Some(value) = content.attribute("value") else {
        return;
    };
    let output = Output {
        name: name.clone(),
        description: content
            .attribute("description")
            .and_then(|a| statics::string(a, diags)),
        expr: value.expr.clone(),
        sensitive: content
            .attribute("sensitive")
            .and_then(|a| statics::bool(a, diags))
            .unwrap_or(false),
        ephemeral: content
            .attribute("ephemeral")
            .and_then(|a| statics::bool(a, diags))
            .unwrap_or(false),
        depends_on: content
            .attribute("depends_on")
            .map(|a| depends_on(a, diags))
            .unwrap_or_default(),
        preconditions: check_rules("precondition", &content, None, diags),
        range: block.def_range.clone(),
    };
    module.outputs.insert(name, output);
}
