//! A state, for people.

use super::differ::{Replaced, block};
use super::plan::Blocks;
use super::render::{Look, render as render_node};
use super::style::Paint;
use super::value;
use addrs::{AbsResourceInstance, Mode};
use diags::{Diagnostic, Diagnostics};
use states::{DeposedKey, Object, ObjectStatus, ResourceState, State};

/// All objects and outputs, or that there are none.
pub(crate) fn render(
    state: &State,
    blocks: &dyn Blocks,
    color: bool,
) -> Result<String, Diagnostics> {
    if state.resources.is_empty() && state.outputs.is_empty() {
        return Ok("The state file is empty. No resources are represented.\n".to_owned());
    }
    let mut out = String::new();
    let mut problems = Diagnostics::new();
    let mut all: Vec<_> = state.instances().collect();
    all.sort_by(|a, b| (a.0.module.0.len(), &a.0).cmp(&(b.0.module.0.len(), &b.0)));
    for (addr, resource, instance) in all {
        let current = instance.current.iter().map(|o| (None, o));
        let deposed = instance.deposed.iter().map(|(key, o)| (Some(key), o));
        for (deposed, object) in current.chain(deposed) {
            match object_text(&addr, resource, deposed, object, blocks, color) {
                Ok(text) => out.push_str(&format!("{text}\n")),
                Err(problem) => problems.push(*problem),
            }
        }
    }
    if !state.outputs.is_empty() {
        out.push_str(&format!("\nOutputs:\n\n{}", outputs(state)));
    }
    if problems.is_empty() {
        Ok(out)
    } else {
        Err(problems)
    }
}

/// The outputs, a line for each, sensitive ones hidden.
pub(crate) fn outputs(state: &State) -> String {
    let lines = state.outputs.iter().map(|(name, output)| {
        let text = if output.sensitive {
            "<sensitive>".to_owned()
        } else {
            value::render(&output.value)
        };
        format!("{name} = {text}\n")
    });
    lines.collect()
}

/// One object, as `state show` prints it.
pub(crate) fn object(
    state: &State,
    addr: &AbsResourceInstance,
    blocks: &dyn Blocks,
    color: bool,
) -> Result<Option<String>, Diagnostics> {
    let Some(resource) = state.resources.get(&addr.abs_resource()) else {
        return Ok(None);
    };
    let current = resource
        .instances
        .get(&addr.key)
        .and_then(|i| i.current.as_ref());
    current
        .map(|object| object_text(addr, resource, None, object, blocks, color))
        .transpose()
        .map_err(|problem| (*problem).into())
}

fn object_text(
    addr: &AbsResourceInstance,
    resource: &ResourceState,
    deposed: Option<&DeposedKey>,
    object: &Object,
    blocks: &dyn Blocks,
    color: bool,
) -> Result<String, Box<Diagnostic>> {
    let provider = &resource.provider.provider;
    let Some(schema) = blocks.block(provider, &addr.resource) else {
        return Err(Box::new(
            Diagnostic::error(
                "Missing resource schema",
                format!("The provider {provider} has no schema for {}, which the state holds. Use the version of the provider that made it.", addr.resource),
            )
            .about(addr),
        ));
    };
    let value = object.decode(&schema.implied_type()).map_err(|error| {
        Box::new(
            Diagnostic::error(
                "Invalid object in state",
                format!("What the state holds of {addr} does not fit the schema of the provider {provider}: {error}."),
            )
            .about(addr),
        )
    })?;
    let value = value.mark_with_paths(&schema::sensitive_paths(&value, schema));
    let look = Look {
        paint: Paint::new(color),
        hide_symbols: true,
        show_unchanged: true,
        no_null: false,
    };
    let node = block(schema, Some(&value), Some(&value), &Replaced::default());
    let kind = match addr.resource.mode {
        Mode::Managed => "resource",
        Mode::Data => "data",
        Mode::Ephemeral => "ephemeral",
    };
    let note = match (deposed, object.status) {
        (Some(key), _) => format!(" (deposed object {key})"),
        (None, ObjectStatus::Tainted) => " (tainted)".to_owned(),
        (None, ObjectStatus::Ready) => String::new(),
    };
    Ok(format!(
        "# {addr}:{note}\n{kind} \"{}\" \"{}\" {}\n",
        addr.resource.kind,
        addr.resource.name,
        render_node(&node, 0, look)
    ))
}

#[cfg(test)]
mod tests;
