//! What `show -json` prints of a plan: format version 1.2.
//!
//! The document is written piece by piece, so that a plan of many changes never stands in memory as
//! text.

mod change;
mod configuration;
mod expression;
mod modules;
mod planned;
mod schemas;
mod shape;
#[cfg(test)]
mod tests;

pub use change::{action_names, action_reason};
pub use schemas::Schemas;
pub use shape::{known_values, unknown_values};

use crate::{Action, Mode, Plan};
use change::{push_output_change, push_resource_change};
use configs::Config;
use cty::json::write_string;
use diags::Diagnostics;
use shape::push_path;
use states::StateFile;
use std::io::{self, Write};

/// Why a plan cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text cannot be written.
    #[error("cannot write the plan")]
    Io(#[from] io::Error),
    /// The prior state does not fit the schemas.
    #[error("the prior state does not fit the providers' schemas")]
    State(Diagnostics),
}

/// Writes the document, one line without a line end.
pub fn write(
    plan: &Plan,
    config: &Config,
    schemas: &Schemas,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let version = states::TERRAFORM_VERSION;
    write!(
        out,
        "{{\"format_version\":\"1.2\",\"terraform_version\":\"{version}\""
    )?;
    write_variables(plan, config, out)?;
    planned::write(plan, schemas, out)?;
    let drift = plan.drift.iter();
    let drift = drift.filter(|d| plan.mode == Mode::RefreshOnly || d.change.action != Action::NoOp);
    write_changes("resource_drift", drift, schemas, out)?;
    write_changes("resource_changes", plan.changes.iter(), schemas, out)?;
    write_outputs(plan, out)?;
    write_prior_state(plan, schemas, out)?;
    out.write_all(b",\"configuration\":")?;
    configuration::write(config, schemas, out)?;
    write_relevant(plan, out)?;
    if !plan.checks.is_empty() {
        write!(out, ",\"checks\":{}", states::json::checks(&plan.checks))?;
    }
    if !plan.timestamp.is_empty() {
        write!(out, ",\"timestamp\":\"{}\"", plan.timestamp)?;
    }
    write!(
        out,
        ",\"applyable\":{},\"complete\":{},\"errored\":{}}}",
        plan.applyable, plan.complete, plan.errored
    )?;
    Ok(())
}

/// The values given to root variables, and the defaults of the others.
fn write_variables(plan: &Plan, config: &Config, out: &mut dyn Write) -> io::Result<()> {
    let mut values = std::collections::BTreeMap::new();
    for (name, variable) in &config.module.variables {
        if let Some(default) = &variable.default {
            values.insert(name, default);
        }
    }
    values.extend(plan.variables.iter().map(|(name, v)| (name, &v.value)));
    let mut text = String::new();
    for (i, (name, value)) in values.into_iter().enumerate() {
        text.push_str(if i == 0 { ",\"variables\":{" } else { "," });
        write_string(name, &mut text);
        text.push_str(":{\"value\":");
        if !known_values(value, &mut text) {
            text.push_str("null");
        }
        text.push('}');
    }
    if !text.is_empty() {
        text.push('}');
    }
    out.write_all(text.as_bytes())
}

fn write_changes<'a>(
    name: &str,
    changes: impl Iterator<Item = &'a crate::ResourceChange>,
    schemas: &Schemas,
    out: &mut dyn Write,
) -> io::Result<()> {
    // Data sources that go from the state are nothing that concerns a user.
    let shown = changes
        .filter(|c| c.addr.resource.mode != addrs::Mode::Data || c.change.action != Action::Delete);
    let mut sorted: Vec<&crate::ResourceChange> = shown.collect();
    sorted.sort_by_key(|c| c.display_order());
    let mut text = String::new();
    for (i, change) in sorted.iter().enumerate() {
        text.clear();
        if i == 0 {
            write!(out, ",\"{name}\":[")?;
        } else {
            text.push(',');
        }
        push_resource_change(change, schemas, &mut text);
        out.write_all(text.as_bytes())?;
    }
    if !sorted.is_empty() {
        out.write_all(b"]")?;
    }
    Ok(())
}

fn write_outputs(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let mut outputs: Vec<_> = plan.outputs.iter().collect();
    outputs.sort_by(|a, b| a.name.cmp(&b.name));
    let mut text = String::new();
    for (i, output) in outputs.iter().enumerate() {
        text.push_str(if i == 0 { ",\"output_changes\":{" } else { "," });
        write_string(&output.name, &mut text);
        text.push(':');
        push_output_change(output, &mut text);
    }
    if !text.is_empty() {
        text.push('}');
    }
    out.write_all(text.as_bytes())
}

fn write_prior_state(plan: &Plan, schemas: &Schemas, out: &mut dyn Write) -> Result<(), Error> {
    let state = &plan.prior_state;
    if state.resources.is_empty() && state.outputs.is_empty() {
        return Ok(());
    }
    let file = StateFile {
        terraform_version: states::TERRAFORM_VERSION.into(),
        serial: plan.serial,
        lineage: plan.lineage.to_string(),
        state: state.clone(),
    };
    let text = states::json::show(Some(&file), schemas).map_err(Error::State)?;
    out.write_all(b",\"prior_state\":")?;
    out.write_all(text.as_bytes())?;
    Ok(())
}

fn write_relevant(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    for (i, (addr, path)) in plan.relevant_attributes.iter().enumerate() {
        text.push_str(if i == 0 {
            ",\"relevant_attributes\":["
        } else {
            ","
        });
        text.push_str("{\"resource\":");
        write_string(&addr.to_string(), &mut text);
        text.push_str(",\"attribute\":");
        push_path(path, &mut text);
        text.push('}');
    }
    if !text.is_empty() {
        text.push(']');
    }
    out.write_all(text.as_bytes())
}
