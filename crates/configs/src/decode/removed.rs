//! `removed` blocks.

use super::blocks::{at_most_one, schema};
use super::moved::endpoint;
use super::{provisioner, statics};
use crate::{Module, ProvisionerWhen, Removed, RemovedBlock};
use addrs::{Mode, ModuleInstance, MoveEndpoint};
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Attribute, Block, BlockSchema, BodySchema, ExprKind, TraversalStep};
use std::sync::LazyLock;

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    let mut schema = schema(&["from!"], &["lifecycle", "connection"]);
    schema.blocks.push(BlockSchema {
        kind: "provisioner".into(),
        labels: vec!["type".into()],
    });
    schema
});

static LIFECYCLE: LazyLock<BodySchema> = LazyLock::new(|| schema(&["destroy"], &[]));

pub(super) fn decode(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let (content, problems) = block.body.content(&SCHEMA);
    diags.append(problems);
    let from = content.attribute("from").and_then(|a| from(a, diags));
    let mut destroy = true;
    if let Some(lifecycle) = at_most_one(&content, "lifecycle", "removed block", diags) {
        let (content, problems) = lifecycle.body.content(&LIFECYCLE);
        diags.append(problems);
        if let Some(attribute) = content.attribute("destroy") {
            destroy = statics::bool(attribute, diags).unwrap_or(true);
        }
    }
    let is_resource = matches!(from, Some(RemovedBlock::Resource(_)));
    let mut provisioners = Vec::new();
    for inner in content.blocks_of("provisioner") {
        let Some(provisioner) = provisioner::decode(inner, diags) else {
            continue;
        };
        if from.is_some() && !is_resource {
            diags.push(
                Diagnostic::error(
                    "Invalid provisioner block",
                    "Only the removal of a resource can have provisioners, not that of a module.",
                )
                .at(inner.def_range.clone()),
            );
        } else if provisioner.when != ProvisionerWhen::Destroy {
            diags.push(
                Diagnostic::error(
                    "Invalid provisioner block",
                    "A removed resource can only have provisioners that run when it is destroyed: add when = destroy.",
                )
                .at(inner.def_range.clone()),
            );
        }
        provisioners.push(provisioner);
    }
    let connection =
        at_most_one(&content, "connection", "removed block", diags).map(|b| b.body.clone());
    if let Some(from) = from {
        module.removed.push(Removed {
            from,
            destroy,
            connection,
            provisioners,
            range: block.def_range.clone(),
        });
    }
}

/// What was removed: a whole resource or module.
fn from(attribute: &Attribute, diags: &mut Diagnostics) -> Option<RemovedBlock> {
    let from = endpoint(attribute, diags)?;
    let key = match &*attribute.expr.code().kind {
        ExprKind::Traversal(traversal) => traversal.steps.iter().find_map(key_range),
        _ => None,
    };
    if let Some(range) = key {
        let is_last = key_is_last(attribute, &range);
        let (summary, detail) = if matches!(from, MoveEndpoint::Resource { .. }) && is_last {
            (
                "Resource instance keys not allowed",
                "A removed block speaks of a resource with all its instances: leave the key out.",
            )
        } else {
            (
                "Module instance keys not allowed",
                "A removed block speaks of a module with all its instances: leave the key out.",
            )
        };
        diags.push(Diagnostic::error(summary, detail).at(range));
        return None;
    }
    match from {
        MoveEndpoint::Module(module) => Some(RemovedBlock::Module(names(&module))),
        MoveEndpoint::Resource { resource, .. } if resource.mode != Mode::Managed => {
            diags.push(
                Diagnostic::error(
                    "Data source address not allowed",
                    "There is nothing to destroy or forget of what is only read: remove the block alone.",
                )
                .at(attribute.expr.range.clone()),
            );
            None
        }
        MoveEndpoint::Resource {
            module, resource, ..
        } => Some(RemovedBlock::Resource(addrs::ConfigResource {
            module: names(&module),
            resource,
        })),
    }
}

fn names(module: &ModuleInstance) -> addrs::Module {
    module.module()
}

fn key_range(step: &TraversalStep) -> Option<SourceRange> {
    match step {
        TraversalStep::Index { range, .. } => Some(range.clone()),
        TraversalStep::Attr { .. } => None,
    }
}

fn key_is_last(attribute: &Attribute, range: &SourceRange) -> bool {
    attribute.expr.code().range.end == range.end
}
