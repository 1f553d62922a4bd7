//! The sentence above a change.

use super::changes::Cause;
use crate::views::style::Paint;
use addrs::InstanceKey;
use anstyle::AnsiColor;
use plans::{Action, ActionReason, ResourceChange};

/// The lines above a change, each starting with `#`.
pub(super) fn header(change: &ResourceChange, cause: Cause, paint: Paint) -> String {
    let mut addr = change.addr.to_string();
    if let Some(deposed) = &change.deposed {
        addr = format!("{addr} (deposed object {deposed})");
    }
    let moved = change.prev_run_addr != change.addr;
    let title = |text: &str| paint.bold(&format!("  # {text}"));
    let replaced = paint.strong(AnsiColor::Red, "replaced");
    let destroyed = paint.strong(AnsiColor::Red, "destroyed");
    let mut out = match (change.change.action, cause) {
        (Action::Create, _) => format!("{} will be created", title(&addr)),
        (Action::Read, _) => format!(
            "{} will be read during apply{}",
            title(&addr),
            read_because(change)
        ),
        (Action::Update, Cause::Proposed) => format!("{} will be updated in-place", title(&addr)),
        (Action::Update, Cause::Drift) => format!("{} has changed", title(&addr)),
        (Action::DeleteThenCreate | Action::CreateThenDelete, _) => {
            let addr = title(&addr);
            match change.reason {
                Some(ActionReason::ReplaceBecauseTainted) => {
                    format!("{addr} is tainted, so must be {replaced}")
                }
                Some(ActionReason::ReplaceByRequest) => {
                    format!("{addr} will be {replaced}, as requested")
                }
                Some(ActionReason::ReplaceByTriggers) => {
                    format!("{addr} will be {replaced} due to changes in replace_triggered_by")
                }
                _ => format!("{addr} must be {replaced}"),
            }
        }
        (Action::Delete, Cause::Proposed) => {
            format!(
                "{} will be {destroyed}{}",
                title(&addr),
                delete_because(change)
            )
        }
        (Action::Delete, Cause::Drift) => format!("{} has been deleted", title(&addr)),
        (Action::Forget, _) => format!(
            "{} will no longer be managed by {}, but will not be destroyed\n # (destroy = false is set in the configuration)",
            paint.bold(&format!(" # {addr}")),
            super::PROGRAM
        ),
        (Action::NoOp, _) if moved => format!(
            "{} has moved to {}",
            title(&change.prev_run_addr.to_string()),
            paint.bold(&addr)
        ),
        (Action::NoOp, _) => format!("{} will be imported", title(&addr)),
    };
    out.push('\n');
    if moved && change.change.action != Action::NoOp {
        out.push_str(&format!("  # (moved from {})\n", change.prev_run_addr));
    }
    if let Some(id) = &change.change.importing
        && change.change.action != Action::NoOp
    {
        out.push_str(&format!("  # (imported from \"{id}\")\n"));
        if change.change.action.is_replace() {
            let warning = paint.yellow("Warning: this will destroy the imported resource");
            out.push_str(&format!("  # {warning}\n"));
        }
    }
    if change.change.generated_config.is_some() {
        out.push_str("  # (config will be generated)\n");
    }
    out
}

const fn read_because(change: &ResourceChange) -> &'static str {
    match change.reason {
        Some(ActionReason::ReadBecauseConfigUnknown) => {
            "\n  # (config refers to values not yet known)"
        }
        Some(ActionReason::ReadBecauseDependencyPending) => {
            "\n  # (depends on a resource or a module with changes pending)"
        }
        Some(ActionReason::ReadBecauseCheckNested) => {
            "\n  # (config will be reloaded to verify a check block)"
        }
        _ => "",
    }
}

fn delete_because(change: &ResourceChange) -> String {
    let addr = &change.addr;
    let mut because = match change.reason {
        Some(ActionReason::DeleteBecauseNoResourceConfig) => {
            format!("{} is not in configuration", addr.resource)
        }
        Some(ActionReason::DeleteBecauseNoMoveTarget) => format!(
            "{} was moved to {addr}, which is not in configuration",
            change.prev_run_addr
        ),
        Some(ActionReason::DeleteBecauseNoModule) => {
            format!("{} is not in configuration", addr.module)
        }
        Some(ActionReason::DeleteBecauseWrongRepetition) => match addr.key {
            InstanceKey::None => "resource uses count or for_each".to_owned(),
            InstanceKey::Int(_) => "resource does not use count".to_owned(),
            InstanceKey::Str(_) => "resource does not use for_each".to_owned(),
        },
        Some(ActionReason::DeleteBecauseCountIndex) => {
            format!("index {} is out of range for count", addr.key)
        }
        Some(ActionReason::DeleteBecauseEachKey) => {
            format!("key {} is not in for_each map", addr.key)
        }
        _ => String::new(),
    };
    if !because.is_empty() {
        because = format!("\n  # (because {because})");
    }
    if change.deposed.is_some() {
        because.push_str("\n  # (left over from a partially-failed replacement of this instance)");
    }
    because
}
