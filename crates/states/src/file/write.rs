//! Writing state files.

use super::{StateFile, VERSION, push_members, push_output};
use crate::json_text::{push_line, push_string};
use crate::{CheckResult, CheckStatus, OutputValue, ResourceState};
use addrs::{AbsResource, InstanceKey, Mode};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

/// Writes a state file: the same bytes that Terraform 1.11 writes for the same content.
///
/// Marks on output values are not written: `sensitive` says what is to be hidden.
pub fn write(file: &StateFile) -> Vec<u8> {
    let mut out = Vec::with_capacity(4096);
    let _ = write!(
        out,
        "{{\n  \"version\": {VERSION},\n  \"terraform_version\": "
    );
    push_string(&mut out, &file.terraform_version);
    let _ = write!(out, ",\n  \"serial\": {},\n  \"lineage\": ", file.serial);
    push_string(&mut out, &file.lineage);
    out.extend_from_slice(b",\n  \"outputs\": ");
    push_outputs(&mut out, &file.state.outputs);
    out.extend_from_slice(b",\n  \"resources\": ");
    push_resources(&mut out, &file.state.resources);
    out.extend_from_slice(b",\n  \"check_results\": ");
    push_checks(&mut out, file.state.checks.as_deref());
    out.extend_from_slice(b"\n}\n");
    out
}

/// Appends a sequence between brackets, each item on a line of its own at `depth + 1`.
fn push_items<T>(
    out: &mut Vec<u8>,
    brackets: [u8; 2],
    depth: usize,
    items: impl IntoIterator<Item = T>,
    mut push: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(brackets[0]);
    let mut empty = true;
    for item in items {
        if !std::mem::take(&mut empty) {
            out.push(b',');
        }
        push_line(out, depth + 1);
        push(out, item);
    }
    if !empty {
        push_line(out, depth);
    }
    out.push(brackets[1]);
}

fn push_outputs(out: &mut Vec<u8>, outputs: &BTreeMap<Arc<str>, OutputValue>) {
    push_items(out, *b"{}", 1, outputs, |out, (name, output)| {
        push_string(out, name);
        out.extend_from_slice(b": ");
        push_output(out, output, Some(3));
    });
}

fn push_resources(out: &mut Vec<u8>, resources: &BTreeMap<AbsResource, ResourceState>) {
    // By the text of the module's address: `m[10]` comes before `m[2]`.
    let mut sorted: Vec<_> = resources
        .iter()
        .map(|(addr, resource)| (addr.module.to_string(), &addr.resource, resource))
        .collect();
    sorted.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    push_items(out, *b"[]", 1, sorted, |out, (module, addr, resource)| {
        out.push(b'{');
        if !module.is_empty() {
            push_member(out, "module", &module);
            out.push(b',');
        }
        push_member(
            out,
            "mode",
            if addr.mode == Mode::Data {
                "data"
            } else {
                "managed"
            },
        );
        out.push(b',');
        push_member(out, "type", &addr.kind);
        out.push(b',');
        push_member(out, "name", &addr.name);
        out.push(b',');
        push_member(out, "provider", &resource.provider.to_string());
        out.extend_from_slice(b",\n      \"instances\": ");
        push_items(
            out,
            *b"[]",
            3,
            objects(resource),
            |out, (key, deposed, object)| {
                out.push(b'{');
                push_members(out, key, deposed, object, Some(5));
                push_line(out, 4);
                out.push(b'}');
            },
        );
        push_line(out, 2);
        out.push(b'}');
    });
}

type Entry<'a> = (
    &'a InstanceKey,
    Option<&'a crate::DeposedKey>,
    &'a crate::Object,
);

fn objects(resource: &ResourceState) -> impl Iterator<Item = Entry<'_>> {
    resource.instances.iter().flat_map(|(key, instance)| {
        let current = instance.current.iter().map(move |o| (key, None, &**o));
        let deposed = instance
            .deposed
            .iter()
            .map(move |(name, o)| (key, Some(name), &**o));
        current.chain(deposed)
    })
}

fn push_member(out: &mut Vec<u8>, name: &str, value: &str) {
    push_line(out, 3);
    push_string(out, name);
    out.extend_from_slice(b": ");
    push_string(out, value);
}

fn push_checks(out: &mut Vec<u8>, checks: Option<&[CheckResult]>) {
    let Some(checks) = checks.filter(|checks| !checks.is_empty()) else {
        out.extend_from_slice(b"null");
        return;
    };
    push_items(out, *b"[]", 1, checks, |out, check| {
        out.push(b'{');
        push_member(out, "object_kind", &check.object_kind);
        out.push(b',');
        push_member(out, "config_addr", &check.config_addr);
        out.push(b',');
        push_member(out, "status", status(check.status));
        out.extend_from_slice(b",\n      \"objects\": ");
        match check.objects.as_deref() {
            None | Some([]) => out.extend_from_slice(b"null"),
            Some(objects) => push_items(out, *b"[]", 3, objects, |out, object| {
                out.extend_from_slice(b"{\n          \"object_addr\": ");
                push_string(out, &object.object_addr);
                out.extend_from_slice(b",\n          \"status\": ");
                push_string(out, status(object.status));
                if !object.failure_messages.is_empty() {
                    out.extend_from_slice(b",\n          \"failure_messages\": ");
                    push_items(out, *b"[]", 5, &object.failure_messages, |out, message| {
                        push_string(out, message);
                    });
                }
                push_line(out, 4);
                out.push(b'}');
            }),
        }
        push_line(out, 2);
        out.push(b'}');
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
