//! `terraform_remote_state`: the root outputs of another state.

use super::attribute;
use cty::{Type, Value};
use diags::{AttributeStep, Diagnostic, Diagnostics};
use providers::{ReadDataResponse, ResourceSchema};
use schema::Block;
use std::path::{Path, PathBuf};

pub(super) fn schema() -> ResourceSchema {
    let block = Block::new(
        [
            (
                "backend".into(),
                attribute(Type::String, true, false, false),
            ),
            (
                "config".into(),
                attribute(Type::Dynamic, false, true, false),
            ),
            (
                "defaults".into(),
                attribute(Type::Dynamic, false, true, false),
            ),
            (
                "outputs".into(),
                attribute(Type::Dynamic, false, false, true),
            ),
            (
                "workspace".into(),
                attribute(Type::String, false, true, false),
            ),
        ],
        [],
    );
    ResourceSchema { version: 0, block }
}

/// The arguments of the one kind of backend whose states can be read.
const LOCAL: [&str; 2] = ["path", "workspace_dir"];

pub(super) fn validate(config: &Value) -> Diagnostics {
    let backend = config.get("backend").and_then(|v| v.as_str().cloned());
    let invalid = |argument: &str, detail: String| -> Diagnostics {
        Diagnostic::error("Invalid backend configuration", detail)
            .at_attribute([AttributeStep::Name(argument.into())])
            .into()
    };
    if let Some(other) = backend.filter(|b| &**b != "local") {
        return invalid(
            "backend",
            format!(
                "This version can read states of the \"local\" backend only, not of {other:?}."
            ),
        );
    }
    let arguments = config.get("config").map(Value::elements);
    let unknown = arguments
        .into_iter()
        .flatten()
        .filter_map(|(key, _)| key.as_str().cloned())
        .find(|key| !LOCAL.contains(&&**key));
    match unknown {
        None => Diagnostics::new(),
        Some(key) => invalid(
            "config",
            format!(
                "The \"local\" backend has no argument {key:?}. Its arguments are {}.",
                LOCAL.join(" and ")
            ),
        ),
    }
}

/// Reads the state that the arguments name.
pub(super) fn read(config: &Value, base_dir: &Path) -> ReadDataResponse {
    let problems = validate(config);
    let outputs = if problems.has_errors() {
        Err(problems)
    } else {
        outputs(config, base_dir)
    };
    let null = || Value::null(Type::Dynamic);
    let get = |name: &str| config.get(name).cloned().unwrap_or_else(null);
    match outputs {
        Ok(outputs) => ReadDataResponse {
            state: Value::object([
                ("backend", get("backend")),
                ("config", get("config")),
                ("defaults", get("defaults")),
                ("outputs", outputs),
                ("workspace", get("workspace")),
            ]),
            diagnostics: Diagnostics::new(),
        },
        Err(diagnostics) => ReadDataResponse {
            state: Value::null(config.ty().clone()),
            diagnostics,
        },
    }
}

fn outputs(config: &Value, base_dir: &Path) -> Result<Value, Diagnostics> {
    let text = |value: Option<&Value>| value.and_then(|v| v.as_str().map(ToString::to_string));
    let arguments = config.get("config");
    let argument = |name: &str| text(arguments.and_then(|c| c.get(name)));
    let workspace = text(config.get("workspace")).unwrap_or_else(|| "default".to_owned());
    let path = if workspace == "default" {
        PathBuf::from(argument("path").unwrap_or_else(|| "terraform.tfstate".to_owned()))
    } else {
        let dir = argument("workspace_dir").unwrap_or_else(|| "terraform.tfstate.d".to_owned());
        PathBuf::from(dir)
            .join(&workspace)
            .join("terraform.tfstate")
    };
    let path = base_dir.join(path);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(Diagnostic::error(
                "Unable to find remote state",
                format!("No stored state was found for the given workspace in the given backend: there is no {}.", path.display()),
            )
            .into());
        }
        Err(e) => {
            return Err(Diagnostic::error(
                "Error loading state error",
                format!("{}: {e}.", path.display()),
            )
            .into());
        }
    };
    let file = states::file::read(&bytes)?;
    let mut values: std::collections::BTreeMap<String, Value> = std::collections::BTreeMap::new();
    if let Some(defaults) = config.get("defaults") {
        for (key, value) in defaults.elements() {
            if let Some(key) = key.as_str() {
                values.insert(key.to_string(), value.clone());
            }
        }
    }
    for (name, output) in file.state.outputs {
        values.insert(name.to_string(), output.value);
    }
    Ok(Value::object(values))
}
