//! `resource`, `data` and `ephemeral` blocks.

use super::blocks::{at_most_one, check_name, duplicate, reserved, schema};
use super::lifecycle::{depends_on, lifecycle};
use super::{provider_name, provisioner};
use crate::{Lifecycle, Module, Repetition, Resource};
use addrs::Mode;
use diags::{Diagnostic, Diagnostics};
use hcl::{Block, BlockSchema, Body, BodySchema, Content};
use std::sync::{Arc, LazyLock};

static MANAGED: LazyLock<BodySchema> = LazyLock::new(|| {
    let mut schema = schema(
        &["count", "for_each", "provider", "depends_on"],
        &["lifecycle", "connection", "_", "locals"],
    );
    schema.blocks.push(BlockSchema {
        kind: "provisioner".into(),
        labels: vec!["type".into()],
    });
    schema
});

/// Data sources and ephemeral resources may have blocks of their own that are called `provisioner` or
/// `connection`.
static OTHER: LazyLock<BodySchema> = LazyLock::new(|| {
    schema(
        &["count", "for_each", "provider", "depends_on"],
        &["lifecycle", "_", "locals"],
    )
});

pub(super) fn decode(module: &mut Module, block: &Block, mode: Mode, diags: &mut Diagnostics) {
    if let Some(resource) = resource(block, mode, None, diags) {
        insert(module, resource, block, diags);
    }
}

/// Adds a resource to a module, unless there is one with its address.
pub(super) fn insert(
    module: &mut Module,
    resource: Resource,
    block: &Block,
    diags: &mut Diagnostics,
) {
    let addr = resource.addr.clone();
    if let Some(earlier) = module.resources.get(&addr) {
        let what = match addr.mode {
            Mode::Managed => format!("resource {:?} configuration", &*addr.kind),
            Mode::Data => format!("data {:?} configuration", &*addr.kind),
            Mode::Ephemeral => format!("ephemeral {:?} configuration", &*addr.kind),
        };
        return duplicate(&what, &addr.to_string(), &earlier.range, block, diags);
    }
    module.resources.insert(addr, resource);
}

/// Decodes a block; `check` is the check that a data block stands in.
pub(super) fn resource(
    block: &Block,
    mode: Mode,
    check: Option<Arc<str>>,
    diags: &mut Diagnostics,
) -> Option<Resource> {
    let [kind, name] = block.labels.as_slice() else {
        return None;
    };
    let (what, kind_name, name_name) = match mode {
        Mode::Data => ("data", "data source", "data resource"),
        Mode::Managed => ("resource", "resource type", "resource"),
        Mode::Ephemeral => ("ephemeral", "ephemeral resource type", "ephemeral resource"),
    };
    let named = check_name(kind_name, &kind.value, &kind.range, diags);
    if !check_name(name_name, &name.value, &name.range, diags) || !named {
        return None;
    }
    let addr = addrs::Resource {
        mode,
        kind: kind.value.clone(),
        name: name.value.clone(),
    };
    let (content, body, problems) = block.body.partial_content(match mode {
        Mode::Managed => &MANAGED,
        Mode::Data | Mode::Ephemeral => &OTHER,
    });
    diags.append(problems);
    reserved(&content, &["locals"], what, diags);
    let in_check = check.is_some();
    if in_check {
        not_in_checks(&content, diags);
    }
    let lifecycle = at_most_one(&content, "lifecycle", what, diags)
        .filter(|_| !in_check)
        .map_or_else(Lifecycle::default, |b| lifecycle(b, &addr, diags));
    let connection = at_most_one(&content, "connection", what, diags).map(|b| b.body.clone());
    let provisioners = content
        .blocks_of("provisioner")
        .filter_map(|b| provisioner::decode(b, diags))
        .collect();
    Some(Resource {
        provider_source: addrs::Provider::implied(addr.implied_provider()),
        repetition: repetition(&content, diags),
        provider: content.attribute("provider").and_then(|a| {
            let config = provider_name::reference(&a.expr, diags)?;
            Some((config, a.expr.range.clone()))
        }),
        depends_on: content
            .attribute("depends_on")
            .map(|a| depends_on(a, diags))
            .unwrap_or_default(),
        lifecycle,
        connection,
        provisioners,
        check,
        body: unescaped(&content, body, diags),
        range: block.def_range.clone(),
        kind_range: kind.range.clone(),
        addr,
    })
}

/// A data block in a check is always one, with the check as its life.
fn not_in_checks(content: &Content, diags: &mut Diagnostics) {
    for name in ["count", "for_each"] {
        if let Some(attribute) = content.attribute(name) {
            diags.push(
                Diagnostic::error(
                    format!("Invalid {name:?} attribute"),
                    "A data block in a check block stands for one object: neither count nor for_each can be used.",
                )
                .at(attribute.name_range.clone()),
            );
        }
    }
    if let Some(block) = content.blocks_of("lifecycle").next() {
        diags.push(
            Diagnostic::error(
                "Invalid lifecycle block",
                "A data block in a check block has no lifecycle of its own.",
            )
            .at(block.def_range.clone()),
        );
    }
}

/// The body with what a block `_` holds: arguments that are called like meta-arguments.
fn unescaped(content: &Content, body: Body, diags: &mut Diagnostics) -> Body {
    let mut blocks = content.blocks_of("_");
    let Some(first) = blocks.next() else {
        return body;
    };
    if let Some(second) = blocks.next() {
        diags.push(
            Diagnostic::error(
                "Duplicate escaping block",
                format!(
                    "A block can have only one block \"_\" with arguments that are called like meta-arguments. There is one at {}.",
                    first.def_range
                ),
            )
            .at(second.def_range.clone()),
        );
    }
    super::merge::joined(&body, &first.body)
}

/// `count` or `for_each`, not both.
pub(super) fn repetition(content: &Content, diags: &mut Diagnostics) -> Repetition {
    match (content.attribute("count"), content.attribute("for_each")) {
        (Some(_), Some(for_each)) => {
            diags.push(
                Diagnostic::error(
                    "Invalid combination of \"count\" and \"for_each\"",
                    "Instances are made either by \"count\" or by \"for_each\": remove one of them.",
                )
                .at(for_each.name_range.clone()),
            );
            Repetition::Single
        }
        (Some(count), None) => Repetition::Count(count.expr.clone()),
        (None, Some(for_each)) => Repetition::ForEach(for_each.expr.clone()),
        (None, None) => Repetition::Single,
    }
}
