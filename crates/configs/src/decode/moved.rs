//! `moved` blocks.

use super::blocks::schema;
use crate::{Module, Moved};
use addrs::{InstanceKey, Mode, ModuleInstance, MoveEndpoint};
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Block, BodySchema, Traversal, TraversalStep};
use std::sync::{Arc, LazyLock};

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| schema(&["from!", "to!"], &[]));

pub(super) fn decode(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let (content, problems) = block.body.content(&SCHEMA);
    diags.append(problems);
    let (Some(from), Some(to)) = (content.attribute("from"), content.attribute("to")) else {
        return;
    };
    let (Some(from), Some(to)) = (endpoint(from, diags), endpoint(to, diags)) else {
        return;
    };
    if matches!(from, MoveEndpoint::Module(_)) != matches!(to, MoveEndpoint::Module(_)) {
        diags.push(
            Diagnostic::error(
                "Invalid \"moved\" addresses",
                "The \"from\" and \"to\" addresses must either both refer to resources or both refer to modules.",
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

fn endpoint(attribute: &Attribute, diags: &mut Diagnostics) -> Option<MoveEndpoint> {
    let endpoint = attribute.expr.as_traversal().and_then(parse);
    if endpoint.is_none() {
        diags.push(
            Diagnostic::error(
                "Invalid address",
                "A resource or module address with constant keys is required, such as aws_vpc.main, aws_vpc.main[0] or module.net.",
            )
            .at(attribute.expr.range.clone()),
        );
    }
    endpoint
}

fn parse(traversal: &Traversal) -> Option<MoveEndpoint> {
    let mut steps = traversal.steps.iter().peekable();
    let mut name = traversal.root.clone();
    let mut module = ModuleInstance::root();
    loop {
        if &*name == "module" {
            let call = attr(steps.next()?)?;
            module = module.child(call, key(&mut steps)?);
            match steps.next() {
                None => return Some(MoveEndpoint::Module(module)),
                Some(step) => name = attr(step)?,
            }
            continue;
        }
        if &*name == "resource" {
            name = attr(steps.next()?)?;
        } else if &*name == "data" {
            return None;
        }
        let resource = addrs::Resource {
            mode: Mode::Managed,
            kind: name,
            name: attr(steps.next()?)?,
        };
        let key = key(&mut steps)?;
        return steps.next().is_none().then_some(MoveEndpoint::Resource {
            module,
            resource,
            key,
        });
    }
}

fn attr(step: &TraversalStep) -> Option<Arc<str>> {
    match step {
        TraversalStep::Attr { name, .. } => Some(name.clone()),
        TraversalStep::Index { .. } => None,
    }
}

fn key<'a>(
    steps: &mut std::iter::Peekable<impl Iterator<Item = &'a TraversalStep>>,
) -> Option<InstanceKey> {
    match steps.peek() {
        Some(TraversalStep::Index { key, .. }) => {
            steps.next();
            InstanceKey::from_value(key.as_literal()?)
        }
        _ => Some(InstanceKey::None),
    }
}
