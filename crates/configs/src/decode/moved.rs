//! `moved` blocks.

use super::blocks::schema;
use crate::{Module, Moved};
use addrs::MoveEndpoint;
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Block, BodySchema};
use std::sync::LazyLock;

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| schema(&["from!", "to!"], &[]));

pub(super) fn decode(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let (content, problems) = block.body.content(&SCHEMA);
    diags.append(problems);
    let mut end = |name| {
        content
            .attribute(name)
            .and_then(|a: &Attribute| endpoint(a, diags))
    };
    let (Some(from), Some(to)) = (end("from"), end("to")) else {
        return;
    };
    if matches!(from, MoveEndpoint::Module(_)) != matches!(to, MoveEndpoint::Module(_)) {
        diags.push(
            Diagnostic::error(
                "Invalid \"moved\" addresses",
                "One end is a resource and the other one a module: both must be the same kind of thing.",
            )
            .at(block.def_range.clone()),
        );
        return;
    }
    module.moved.push(Moved {
        from,
        to,
        range: block.def_range.clone(),
    });
}

/// The address of a resource, of a module or of one instance.
pub(super) fn endpoint(attribute: &Attribute, diags: &mut Diagnostics) -> Option<MoveEndpoint> {
    let Some(traversal) = attribute.expr.as_traversal() else {
        diags.push(
            Diagnostic::error(
                "Invalid expression",
                "The address of a resource or module is required here, with literal keys only: aws_vpc.main, \
                 module.net[\"a\"].aws_vpc.main[0].",
            )
            .at(attribute.expr.range.clone()),
        );
        return None;
    };
    MoveEndpoint::from_traversal(traversal)
        .map_err(|problem| diags.push(*problem))
        .ok()
}
