//! The objects and outputs as they will be.

use super::Schemas;
use super::change::push_identity;
use super::modules::Node;
use super::shape::known_values;
use crate::{Action, Plan, ResourceChange};
use cty::json::write_string;
use states::json::sensitive_values;
use std::fmt::Write as _;
use std::io::{self, Write};

pub(super) fn write(plan: &Plan, schemas: &Schemas, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::from(",\"planned_values\":{");
    push_outputs(plan, &mut text);
    text.push_str("\"root_module\":");
    out.write_all(text.as_bytes())?;
    let mut objects: Vec<(String, &ResourceChange)> = plan
        .changes
        .iter()
        .filter(|c| c.change.action != Action::Delete && c.deposed.is_none())
        .map(|c| (c.addr.to_string(), c))
        .collect();
    objects.sort_by(|a, b| a.0.cmp(&b.0));
    let mut root = Node::default();
    for object in objects {
        root.insert(&object.1.addr.module, object);
    }
    root.write(
        "",
        &|(addr, change), out| push_object(addr, change, schemas, out),
        out,
    )?;
    out.write_all(b"}")
}

fn push_outputs(plan: &Plan, out: &mut String) {
    let mut outputs: Vec<_> = plan
        .outputs
        .iter()
        .filter(|o| o.change.action != Action::Delete)
        .collect();
    outputs.sort_by(|a, b| a.name.cmp(&b.name));
    for (i, output) in outputs.iter().enumerate() {
        out.push_str(if i == 0 { "\"outputs\":{" } else { "," });
        write_string(&output.name, out);
        let _ = write!(out, ":{{\"sensitive\":{}", output.sensitive);
        let value = &output.change.after;
        if value.is_wholly_known() {
            let _ = write!(out, ",\"type\":{},\"value\":", value.ty().to_json());
            known_values(value, out);
        }
        out.push('}');
    }
    if !outputs.is_empty() {
        out.push_str("},");
    }
}

fn push_object(addr: &str, change: &ResourceChange, schemas: &Schemas, out: &mut String) {
    let provider = &change.provider.provider;
    out.push_str("{\"address\":");
    write_string(addr, out);
    push_identity(&change.addr, provider, out);
    let schema = schemas.resource(provider, &change.addr.resource);
    let _ = write!(
        out,
        ",\"schema_version\":{}",
        schema.map_or(0, |s| s.version)
    );
    let after = &change.change.after;
    if after.is_known() && !after.is_null() {
        let start = out.len();
        out.push_str(",\"values\":");
        known_values(after, out);
        // When nothing is known yet there is no member.
        if out.ends_with(":{}") {
            out.truncate(start);
        }
    }
    out.push_str(",\"sensitive_values\":");
    let marked = schemas.marked(provider, &change.addr.resource, after);
    out.push_str(&sensitive_values(&marked));
    out.push('}');
}
