//! `groma metadata`

use super::Outcome;
use crate::workdir::Workdir;
use clap::Subcommand;
use cty::{Type, Value};
use hcl::{Function, Parameter};
use serde_json::{Map, json};

/// Print what editors and other tools want to know.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the signatures of all functions
    Functions(Functions),
}

#[derive(Debug, clap::Args)]
struct Functions {
    /// As JSON, the only form there is
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let Command::Functions(args) = &args.command;
    if !args.json {
        workdir
            .ui
            .err("The `groma metadata functions` command requires the `-json` flag.\n");
        return Ok(1);
    }
    let table = funcs::Table::new(funcs::Options::pure(workdir.cwd()));
    let mut signatures = Map::new();
    for prefix in ["", "core::"] {
        for (name, function) in table.iter() {
            signatures.insert(format!("{prefix}{name}"), signature(function));
        }
    }
    signatures.sort_keys();
    let document = json!({"format_version": "1.0", "function_signatures": signatures});
    workdir.ui.line(&document.to_string());
    Ok(0)
}

fn signature(function: &Function) -> serde_json::Value {
    let unknown: Vec<Value> = function
        .params
        .iter()
        .map(|p| Value::unknown(p.ty.clone()))
        .collect();
    let returns = (function.return_type)(&unknown).unwrap_or(Type::Dynamic);
    let mut out = Map::new();
    out.insert("return_type".into(), ty(&returns));
    if !function.params.is_empty() {
        let all: Vec<_> = function.params.iter().map(parameter).collect();
        out.insert("parameters".into(), all.into());
    }
    if let Some(variadic) = &function.variadic {
        out.insert("variadic_parameter".into(), parameter(variadic));
    }
    out.into()
}

fn parameter(parameter: &Parameter) -> serde_json::Value {
    let mut out = Map::new();
    out.insert("name".into(), parameter.name.as_ref().into());
    if parameter.allow_null {
        out.insert("is_nullable".into(), true.into());
    }
    out.insert("type".into(), ty(&parameter.ty));
    out.into()
}

/// A type in its JSON form.
pub(super) fn ty(ty: &Type) -> serde_json::Value {
    serde_json::from_str(&ty.to_json()).unwrap_or_default()
}
