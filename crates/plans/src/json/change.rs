//! Changes of objects and outputs.

use super::Schemas;
use super::shape::{known_values, push_path, unknown_values};
use crate::{Action, ActionReason, Change, OutputChange, ResourceChange};
use addrs::{InstanceKey, Mode};
use cty::Value;
use cty::json::write_string;
use states::json::sensitive_values;
use std::fmt::Write;

/// The actions that make up an action.
pub const fn action_names(action: Action) -> &'static [&'static str] {
    match action {
        Action::NoOp => &["no-op"],
        Action::Create => &["create"],
        Action::Read => &["read"],
        Action::Update => &["update"],
        Action::DeleteThenCreate => &["delete", "create"],
        Action::CreateThenDelete => &["create", "delete"],
        Action::Delete => &["delete"],
        Action::Forget => &["forget"],
    }
}

/// The name of a reason.
pub const fn action_reason(reason: ActionReason) -> &'static str {
    match reason {
        ActionReason::ReplaceBecauseTainted => "replace_because_tainted",
        ActionReason::ReplaceByRequest => "replace_by_request",
        ActionReason::ReplaceBecauseCannotUpdate => "replace_because_cannot_update",
        ActionReason::ReplaceByTriggers => "replace_by_triggers",
        ActionReason::DeleteBecauseNoResourceConfig => "delete_because_no_resource_config",
        ActionReason::DeleteBecauseWrongRepetition => "delete_because_wrong_repetition",
        ActionReason::DeleteBecauseCountIndex => "delete_because_count_index",
        ActionReason::DeleteBecauseEachKey => "delete_because_each_key",
        ActionReason::DeleteBecauseNoModule => "delete_because_no_module",
        ActionReason::DeleteBecauseNoMoveTarget => "delete_because_no_move_target",
        ActionReason::ReadBecauseConfigUnknown => "read_because_config_unknown",
        ActionReason::ReadBecauseDependencyPending => "read_because_dependency_pending",
        ActionReason::ReadBecauseCheckNested => "read_because_check_nested",
    }
}

pub(super) fn push_resource_change(change: &ResourceChange, schemas: &Schemas, out: &mut String) {
    out.push_str("{\"address\":");
    write_string(&change.addr.to_string(), out);
    if change.prev_run_addr != change.addr {
        out.push_str(",\"previous_address\":");
        write_string(&change.prev_run_addr.to_string(), out);
    }
    if !change.addr.module.is_root() {
        out.push_str(",\"module_address\":");
        write_string(&change.addr.module.to_string(), out);
    }
    push_identity(&change.addr, &change.provider.provider, out);
    if let Some(deposed) = &change.deposed {
        out.push_str(",\"deposed\":");
        write_string(&deposed.0, out);
    }
    out.push_str(",\"change\":");
    push_object_change(change, schemas, out);
    if let Some(reason) = change.reason {
        let _ = write!(out, ",\"action_reason\":\"{}\"", action_reason(reason));
    }
    out.push('}');
}

/// Appends mode, type, name, index and provider.
pub(super) fn push_identity(
    addr: &addrs::AbsResourceInstance,
    provider: &addrs::Provider,
    out: &mut String,
) {
    out.push_str(match addr.resource.mode {
        Mode::Managed => ",\"mode\":\"managed\"",
        Mode::Data => ",\"mode\":\"data\"",
        Mode::Ephemeral => ",\"mode\":\"ephemeral\"",
    });
    out.push_str(",\"type\":");
    write_string(&addr.resource.kind, out);
    out.push_str(",\"name\":");
    write_string(&addr.resource.name, out);
    match &addr.key {
        InstanceKey::None => {}
        InstanceKey::Int(index) => {
            let _ = write!(out, ",\"index\":{index}");
        }
        InstanceKey::Str(key) => {
            out.push_str(",\"index\":");
            write_string(key, out);
        }
    }
    out.push_str(",\"provider_name\":");
    write_string(&provider.to_string(), out);
}

fn push_object_change(change: &ResourceChange, schemas: &Schemas, out: &mut String) {
    let marked = |value| schemas.marked(&change.provider.provider, &change.addr.resource, value);
    push_actions(change.change.action, out);
    push_values(&change.change, "{}", out);
    out.push_str(",\"before_sensitive\":");
    out.push_str(&sensitive_values(&marked(&change.change.before)));
    out.push_str(",\"after_sensitive\":");
    out.push_str(&sensitive_values(&marked(&change.change.after)));
    for (i, path) in change.required_replace.iter().enumerate() {
        out.push_str(if i == 0 { ",\"replace_paths\":[" } else { "," });
        push_path(path, out);
    }
    if !change.required_replace.is_empty() {
        out.push(']');
    }
    if let Some(id) = &change.change.importing {
        out.push_str(",\"importing\":{\"id\":");
        write_string(id, out);
        out.push('}');
    }
    if let Some(config) = &change.change.generated_config {
        out.push_str(",\"generated_config\":");
        write_string(config, out);
    }
    out.push('}');
}

fn push_actions(action: Action, out: &mut String) {
    let names = action_names(action).join("\",\"");
    let _ = write!(out, "{{\"actions\":[\"{names}\"]");
}

/// Appends before, after and what is unknown in it; `all_known` stands for nothing being unknown.
fn push_values(change: &Change, all_known: &str, out: &mut String) {
    out.push_str(",\"before\":");
    if !known_values(&change.before, out) {
        out.push_str("null");
    }
    push_known_after(&change.after, out);
    out.push_str(",\"after_unknown\":");
    if change.after.is_wholly_known() {
        out.push_str(all_known);
    } else {
        unknown_values(&change.after, out);
    }
}

fn push_known_after(after: &Value, out: &mut String) {
    if after.is_known() {
        out.push_str(",\"after\":");
        known_values(after, out);
    }
}

pub(super) fn push_output_change(output: &OutputChange, out: &mut String) {
    push_actions(output.change.action, out);
    push_values(&output.change, "false", out);
    let sensitive = output.sensitive;
    let _ = write!(
        out,
        ",\"before_sensitive\":{sensitive},\"after_sensitive\":{sensitive}}}"
    );
}
