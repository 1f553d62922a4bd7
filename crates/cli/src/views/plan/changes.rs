//! One change.

use super::Blocks;
use super::headers::header;
use crate::views::differ::{Replaced, block, dynamic};
use crate::views::render::{Look, render};
use addrs::Mode;
use cty::Value;
use plans::{Action, ResourceChange};

/// Why something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// It is planned.
    Proposed,
    /// Someone else did it.
    Drift,
}

pub(super) fn push_change(
    change: &ResourceChange,
    cause: Cause,
    blocks: &dyn Blocks,
    look: Look,
    out: &mut String,
) {
    out.push_str(&header(change, cause, look.paint));
    let symbol = look.symbol(change.change.action);
    let resource = &change.addr.resource;
    let kind = match resource.mode {
        Mode::Managed => "resource",
        Mode::Data => "data",
        Mode::Ephemeral => "ephemeral",
    };
    let body = body(change, blocks, look);
    out.push_str(&format!(
        "{symbol}{kind} \"{}\" \"{}\" {body}\n",
        resource.kind, resource.name
    ));
}

fn body(change: &ResourceChange, blocks: &dyn Blocks, look: Look) -> String {
    let before = &change.change.before;
    // What is only dropped from the state stays as it is.
    let after = match change.change.action {
        Action::Forget | Action::NoOp => before,
        _ => &change.change.after,
    };
    let there = |value: &Value| !value.is_null();
    match blocks.block(&change.provider.provider, &change.addr.resource) {
        Some(schema) => {
            let marked = |v: &Value| v.mark_with_paths(&schema::sensitive_paths(v, schema));
            let (before, after) = (marked(before), marked(after));
            let replaced = Replaced::new(&change.required_replace);
            let (before, after) = (
                Some(&before).filter(|v| there(v)),
                Some(&after).filter(|v| there(v)),
            );
            render(&block(schema, before, after, &replaced), 0, look)
        }
        None => {
            let (before, after) = (
                Some(before).filter(|v| there(v)),
                Some(after).filter(|v| there(v)),
            );
            render(&dynamic(before, after), 0, look)
        }
    }
}
