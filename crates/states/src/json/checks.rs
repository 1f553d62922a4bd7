//! Check results, as plans and states show them.

use crate::json_text::push_string;
use crate::{CheckObjectResult, CheckResult, CheckStatus};
use addrs::{InstanceKey, Mode};
use addrs::{parse_config_resource, parse_resource_instance, split_module};

/// The results as a JSON array, sorted by address.
pub fn checks(results: &[CheckResult]) -> String {
    let mut out = Vec::new();
    let mut results: Vec<_> = results.iter().collect();
    results.sort_by(|a, b| a.config_addr.cmp(&b.config_addr));
    for (i, result) in results.iter().enumerate() {
        out.extend_from_slice(if i == 0 { b"[" } else { b"," });
        push_result(&mut out, result);
    }
    out.extend_from_slice(if results.is_empty() { b"[]" } else { b"]" });
    String::from_utf8_lossy(&out).into_owned()
}

fn push_result(out: &mut Vec<u8>, result: &CheckResult) {
    let addr = &*result.config_addr;
    let (module, rest) = split_module(addr).unwrap_or_default();
    let mut members: Vec<(&str, String)> = Vec::new();
    let kind = match &*result.object_kind {
        "output" => "output_value",
        other => other,
    };
    members.push(("kind", kind.into()));
    if let Ok(resource) = parse_config_resource(addr).map(|a| a.resource)
        && kind == "resource"
    {
        let mode = if resource.mode == Mode::Data {
            "data"
        } else {
            "managed"
        };
        members.push(("mode", mode.into()));
        members.push(("name", resource.name.to_string()));
        members.push(("type", resource.kind.to_string()));
    } else if let Some((_, name)) = rest.rsplit_once('.') {
        members.push(("name", name.into()));
    }
    if !module.is_root() {
        members.push(("module", module.to_string()));
    }
    members.push(("to_display", addr.into()));
    members.sort_unstable();
    out.extend_from_slice(b"{\"address\":{");
    for (i, (name, value)) in members.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        push_string(out, name);
        out.push(b':');
        push_string(out, value);
    }
    out.extend_from_slice(b"},\"status\":");
    push_string(out, status(result.status));
    let mut objects: Vec<_> = result.objects.iter().flatten().collect();
    objects.sort_by(|a, b| a.object_addr.cmp(&b.object_addr));
    for (i, object) in objects.iter().enumerate() {
        out.extend_from_slice(if i == 0 { b",\"instances\":[" } else { b"," });
        push_instance(out, object);
    }
    out.extend_from_slice(if objects.is_empty() { b"}" } else { b"]}" });
}

fn push_instance(out: &mut Vec<u8>, object: &CheckObjectResult) {
    let addr = &*object.object_addr;
    let (module, _) = split_module(addr).unwrap_or_default();
    let key = parse_resource_instance(addr).map_or(InstanceKey::None, |a| a.key);
    out.extend_from_slice(b"{\"address\":{");
    match &key {
        InstanceKey::None => {}
        InstanceKey::Int(i) => out.extend_from_slice(format!("\"instance_key\":{i},").as_bytes()),
        InstanceKey::Str(key) => {
            out.extend_from_slice(b"\"instance_key\":");
            push_string(out, key);
            out.push(b',');
        }
    }
    if !module.is_root() {
        out.extend_from_slice(b"\"module\":");
        push_string(out, &module.to_string());
        out.push(b',');
    }
    out.extend_from_slice(b"\"to_display\":");
    push_string(out, addr);
    out.extend_from_slice(b"},\"status\":");
    push_string(out, status(object.status));
    for (i, message) in object.failure_messages.iter().enumerate() {
        out.extend_from_slice(if i == 0 { b",\"problems\":[" } else { b"," });
        out.extend_from_slice(b"{\"message\":");
        push_string(out, message);
        out.push(b'}');
    }
    out.extend_from_slice(if object.failure_messages.is_empty() {
        b"}"
    } else {
        b"]}"
    });
}

const fn status(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Pass => "pass",
        CheckStatus::Fail => "fail",
        CheckStatus::Error => "error",
        CheckStatus::Unknown => "unknown",
    }
}
