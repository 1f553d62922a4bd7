//! `resource`, `data` and `ephemeral` blocks.

use super::blocks::{check_name, duplicate, schema};
use super::lifecycle::{depends_on, lifecycle};
use crate::{Lifecycle, Module, Repetition, Resource};
use addrs::{LocalProviderConfig, Mode};
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Attribute, Block, BlockSchema, BodySchema, Content, TraversalStep};
use std::sync::LazyLock;

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    let mut schema = schema(
        &["count", "for_each", "provider", "depends_on"],
        &["lifecycle", "connection", "_"],
    );
    schema.blocks.push(BlockSchema {
        kind: "provisioner".into(),
        labels: vec!["type".into()],
    });
    schema
});

pub(super) fn decode(module: &mut Module, block: &Block, mode: Mode, diags: &mut Diagnostics) {
    let [kind, name] = block.labels.as_slice() else {
        return;
    };
    if !check_name("resource type", &kind.value, &kind.range, diags)
        || !check_name("resource", &name.value, &name.range, diags)
    {
        return;
    }
    let addr = addrs::Resource {
        mode,
        kind: kind.value.clone(),
        name: name.value.clone(),
    };
    if let Some(earlier) = module.resources.get(&addr) {
        let what = match mode {
            Mode::Managed => format!("resource {:?} configuration", &*addr.kind),
            Mode::Data => format!("data {:?} configuration", &*addr.kind),
            Mode::Ephemeral => format!("ephemeral {:?} configuration", &*addr.kind),
        };
        let named = format!("A {} named {:?}", addr.kind, &*addr.name);
        return duplicate(&what, &named, &earlier.range, block, diags);
    }
    let (content, body, problems) = block.body.partial_content(&SCHEMA);
    diags.append(problems);
    for provisioner in content
        .blocks_of("provisioner")
        .chain(content.blocks_of("connection"))
    {
        diags.push(
            Diagnostic::error(
                "Unsupported block type",
                format!(
                    "Blocks of type {:?} are not supported by this version of groma yet.",
                    &*provisioner.kind
                ),
            )
            .at(provisioner.def_range.clone()),
        );
    }
    let mut blocks = content.blocks_of("lifecycle");
    let lifecycle = blocks.next().map_or_else(Lifecycle::default, |b| {
        lifecycle(b, mode == Mode::Managed, diags)
    });
    if let Some(second) = blocks.next() {
        diags.push(
            Diagnostic::error(
                "Duplicate lifecycle block",
                "This resource already has a lifecycle block.",
            )
            .at(second.def_range.clone()),
        );
    }
    let resource = Resource {
        provider_source: addrs::Provider::implied(addr.implied_provider()),
        repetition: repetition(&content, diags),
        provider: content
            .attribute("provider")
            .and_then(|a| provider_reference(a, diags)),
        depends_on: content
            .attribute("depends_on")
            .map(|a| depends_on(a, diags))
            .unwrap_or_default(),
        lifecycle,
        body,
        range: block.def_range.clone(),
        kind_range: kind.range.clone(),
        addr: addr.clone(),
    };
    module.resources.insert(addr, resource);
}

/// `count` or `for_each`, not both.
pub(super) fn repetition(content: &Content, diags: &mut Diagnostics) -> Repetition {
    match (content.attribute("count"), content.attribute("for_each")) {
        (Some(_), Some(for_each)) => {
            diags.push(
                Diagnostic::error(
                    "Invalid combination of \"count\" and \"for_each\"",
                    "The \"count\" and \"for_each\" meta-arguments are mutually-exclusive, only one should be used to be explicit \
                     about the number of resources to be created.",
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

fn provider_reference(
    attribute: &Attribute,
    diags: &mut Diagnostics,
) -> Option<(LocalProviderConfig, SourceRange)> {
    local_provider(&attribute.expr, diags).map(|config| (config, attribute.expr.range.clone()))
}

/// `aws` or `aws.west`.
pub(super) fn local_provider(
    expr: &hcl::Expr,
    diags: &mut Diagnostics,
) -> Option<LocalProviderConfig> {
    if let Some(text) = expr.as_literal().and_then(|v| v.as_str()) {
        let (name, alias) = text
            .split_once('.')
            .map_or((&**text, None), |(n, a)| (n, Some(a)));
        return Some(LocalProviderConfig {
            name: name.into(),
            alias: alias.map(Into::into),
        });
    }
    let traversal = expr.as_traversal();
    match traversal.map(|t| (&t.root, t.steps.as_slice())) {
        Some((name, [])) => Some(LocalProviderConfig {
            name: name.clone(),
            alias: None,
        }),
        Some((name, [TraversalStep::Attr { name: alias, .. }])) => Some(LocalProviderConfig {
            name: name.clone(),
            alias: Some(alias.clone()),
        }),
        _ => {
            diags.push(
                Diagnostic::error(
                    "Invalid provider configuration reference",
                    "The provider argument requires a provider type name, optionally followed by a period and then a \
                     configuration alias, such as aws or aws.west.",
                )
                .at(expr.range.clone()),
            );
            None
        }
    }
}
