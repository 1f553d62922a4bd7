//! What `show -json` prints of a state: format version 1.0.

mod checks;
mod sensitive;

#[cfg(test)]
mod tests;

pub use checks::checks;
pub use sensitive::sensitive_values;

use crate::json_text::push_string;
use crate::{DeposedKey, Object, ObjectStatus, OutputValue, ResourceState, StateFile};
use addrs::{
    AbsResource, AbsResourceInstance, InstanceKey, Mode, ModuleInstance, Provider, Resource,
};
use cty::{Marks, Path, Type, Value};
use diags::{Diagnostic, Diagnostics};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

/// Where the types of objects come from.
pub trait Schemas {
    /// The version and the implied type of a resource type's schema.
    fn find(&self, provider: &Provider, resource: &Resource) -> Option<(i64, Type)>;

    /// Which parts of an object the schema says are sensitive.
    fn sensitive_paths(
        &self,
        provider: &Provider,
        resource: &Resource,
        value: &Value,
    ) -> Vec<(Path, Marks)>;
}

/// The document, one line without a line end. `None` = there is no state.
///
/// Objects that the schemas do not fit are errors, all of them reported.
pub fn show(file: Option<&StateFile>, schemas: &dyn Schemas) -> Result<String, Diagnostics> {
    let mut out = b"{\"format_version\":\"1.0\"".to_vec();
    if let Some(file) =
        file.filter(|f| !f.state.outputs.is_empty() || !f.state.resources.is_empty())
    {
        out.extend_from_slice(b",\"terraform_version\":");
        push_string(&mut out, &file.terraform_version);
        out.extend_from_slice(b",\"values\":{");
        if !file.state.outputs.is_empty() {
            out.extend_from_slice(b"\"outputs\":");
            push_outputs(&mut out, &file.state.outputs);
            out.push(b',');
        }
        out.extend_from_slice(b"\"root_module\":");
        push_modules(&mut out, &file.state.resources, schemas)?;
        out.push(b'}');
        if let Some(results) = file.state.checks.as_deref().filter(|c| !c.is_empty()) {
            out.extend_from_slice(b",\"checks\":");
            out.extend_from_slice(checks(results).as_bytes());
        }
    }
    out.push(b'}');
    // Everything that was appended is text.
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn push_outputs(out: &mut Vec<u8>, outputs: &BTreeMap<Arc<str>, OutputValue>) {
    for (i, (name, output)) in outputs.iter().enumerate() {
        out.push(if i == 0 { b'{' } else { b',' });
        push_string(out, name);
        let json = cty::json::encode_simple(&output.value.clone().unmark_all());
        let _ = write!(
            out,
            ":{{\"sensitive\":{},\"value\":{},\"type\":{}}}",
            output.sensitive,
            json.as_deref().unwrap_or("null"),
            output.value.ty().to_json()
        );
    }
    out.push(b'}');
}

/// One module instance: its steps as text, and what is in it.
type Module<'a> = (Vec<String>, Vec<(&'a AbsResource, &'a ResourceState)>);

/// Modules in the order in which they are nested, siblings by the text of their addresses.
fn modules(resources: &BTreeMap<AbsResource, ResourceState>) -> Vec<Module<'_>> {
    let mut modules: Vec<Module<'_>> = Vec::new();
    let mut last: Option<&ModuleInstance> = None;
    for (addr, resource) in resources {
        if last != Some(&addr.module) {
            let steps = addr.module.0.iter();
            let steps = steps.map(|step| format!("module.{}{}", step.name, step.key));
            modules.push((steps.collect(), Vec::new()));
            last = Some(&addr.module);
        }
        if let Some((_, inside)) = modules.last_mut() {
            inside.push((addr, resource));
        }
    }
    modules.sort_by(|a, b| a.0.cmp(&b.0));
    modules
}

fn push_modules(
    out: &mut Vec<u8>,
    resources: &BTreeMap<AbsResource, ResourceState>,
    schemas: &dyn Schemas,
) -> Result<(), Diagnostics> {
    let mut problems = Diagnostics::new();
    // The modules that are open, from the first below the root: for each, how many children it has.
    let mut open: Vec<String> = Vec::new();
    let mut children = vec![0_usize];
    out.push(b'{');
    for (steps, resources) in modules(resources) {
        let common = open.iter().zip(&steps).take_while(|(a, b)| a == b).count();
        close(out, &mut children, common + 1);
        open.truncate(common);
        let new = steps.len() - common;
        for (i, step) in steps.into_iter().skip(common).enumerate() {
            if let Some(siblings) = children.last_mut() {
                if *siblings > 0 {
                    out.push(b',');
                } else {
                    if !out.ends_with(b"{") {
                        out.push(b',');
                    }
                    out.extend_from_slice(b"\"child_modules\":[");
                }
                *siblings += 1;
            }
            children.push(0);
            open.push(step);
            out.push(b'{');
            if i + 1 == new {
                push_resources(out, &resources, schemas, &mut problems);
                out.push(b',');
            }
            out.extend_from_slice(b"\"address\":");
            push_string(out, &open.join("."));
        }
        if new == 0 {
            push_resources(out, &resources, schemas, &mut problems);
        }
    }
    close(out, &mut children, 0);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// Closes open modules until `keep` are left.
fn close(out: &mut Vec<u8>, children: &mut Vec<usize>, keep: usize) {
    while children.len() > keep {
        if children.pop().is_some_and(|count| count > 0) {
            out.push(b']');
        }
        out.push(b'}');
    }
}

fn push_resources(
    out: &mut Vec<u8>,
    resources: &[(&AbsResource, &ResourceState)],
    schemas: &dyn Schemas,
    problems: &mut Diagnostics,
) {
    out.extend_from_slice(b"\"resources\":[");
    for (addr, resource) in resources {
        let provider = &resource.provider.provider;
        let schema = schemas.find(provider, &addr.resource);
        for (key, instance) in &resource.instances {
            let addr = addr.instance(key.clone());
            let current = instance.current.iter().map(|object| (None, object));
            let deposed = instance
                .deposed
                .iter()
                .map(|(key, object)| (Some(key), object));
            for (deposed, object) in current.chain(deposed) {
                let value = match value(&addr, object, provider, schema.as_ref(), schemas) {
                    Ok(value) => value,
                    Err(diagnostic) => {
                        problems.push(*diagnostic);
                        continue;
                    }
                };
                if !out.ends_with(b"[") {
                    out.push(b',');
                }
                push_object(out, &addr, deposed, object, provider, &value);
            }
        }
    }
    out.push(b']');
}

fn value(
    addr: &AbsResourceInstance,
    object: &Object,
    provider: &Provider,
    schema: Option<&(i64, Type)>,
    schemas: &dyn Schemas,
) -> Result<Value, Box<Diagnostic>> {
    let Some((version, ty)) = schema else {
        return Err(Box::new(Diagnostic::error(
            "Missing resource schema",
            format!("The provider {provider} has no schema for {}, which the state holds. Use the version of the provider that made it.", addr.resource),
        )
        .about(addr)));
    };
    if object.schema_version != *version {
        return Err(Box::new(Diagnostic::error(
            "Schema version mismatch",
            format!(
                "The state holds {addr} with version {} of its schema; the provider {provider} has version {version}. \"plan -refresh-only\" and \"apply -refresh-only\" bring the state to the provider's version.",
                object.schema_version
            ),
        )
        .about(addr)));
    }
    let value = object.decode(ty).map_err(|error| {
        Box::new(Diagnostic::error(
            "Invalid object in state",
            format!("What the state holds of {addr} does not fit the schema of the provider {provider}: {error}."),
        )
        .about(addr))
    })?;
    let sensitive = schemas.sensitive_paths(provider, &addr.resource, &value);
    Ok(value.mark_with_paths(&sensitive))
}

fn push_object(
    out: &mut Vec<u8>,
    addr: &AbsResourceInstance,
    deposed: Option<&DeposedKey>,
    object: &Object,
    provider: &Provider,
    value: &Value,
) {
    let mut text = |name: &str, text: &str| {
        out.extend_from_slice(name.as_bytes());
        push_string(out, text);
    };
    text("{\"address\":", &addr.to_string());
    let data = addr.resource.mode == Mode::Data;
    text(",\"mode\":", if data { "data" } else { "managed" });
    text(",\"type\":", &addr.resource.kind);
    text(",\"name\":", &addr.resource.name);
    match &addr.key {
        InstanceKey::None => {}
        InstanceKey::Int(i) => out.extend_from_slice(format!(",\"index\":{i}").as_bytes()),
        InstanceKey::Str(key) => text(",\"index\":", key),
    }
    out.extend_from_slice(b",\"provider_name\":");
    push_string(out, &provider.to_string());
    let json = cty::json::encode_simple(&value.clone().unmark_all());
    let _ = write!(
        out,
        ",\"schema_version\":{},\"values\":{},\"sensitive_values\":{}",
        object.schema_version,
        json.as_deref().unwrap_or("null"),
        sensitive_values(value)
    );
    for (i, dependency) in object.dependencies.iter().enumerate() {
        out.extend_from_slice(if i == 0 { b",\"depends_on\":[" } else { b"," });
        push_string(out, &dependency.to_string());
    }
    if !object.dependencies.is_empty() {
        out.push(b']');
    }
    if object.status == ObjectStatus::Tainted {
        out.extend_from_slice(b",\"tainted\":true");
    }
    if let Some(DeposedKey(key)) = deposed {
        out.extend_from_slice(b",\"deposed_key\":");
        push_string(out, key);
    }
    out.push(b'}');
}
