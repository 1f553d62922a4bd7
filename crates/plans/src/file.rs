//! Plan files: a plan with everything that applying it needs, as one zip archive.
//!
//! The layout is Terraform's: `tfplan` (a protobuf message), `tfstate`, `tfstate-prev`,
//! `tfconfig/…`, `.terraform.lock.hcl`. What this program needs beyond that is in fields with high
//! numbers, so a file can be read without any schema: the types of all objects are in it.

mod archive;
mod decode;
mod encode;
mod message;
#[cfg(test)]
mod tests;
mod types;

use crate::Plan;
use diags::{Diagnostic, Diagnostics};
use std::collections::BTreeMap;
use std::io::{Seek, Write};
use std::sync::Arc;

/// What a plan file holds.
#[derive(Clone, Debug, Default)]
pub struct PlanFile {
    /// The plan.
    pub plan: Plan,
    /// The configuration that it was made from.
    pub sources: Vec<ModuleSources>,
    /// The dependency lock file, if there was one.
    pub lock_file: Option<Arc<[u8]>>,
}

/// The files of one module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleSources {
    /// The names of the calls that lead to it, with dots between; empty = root.
    pub key: String,
    /// The directory it was in.
    pub dir: String,
    /// Its source address.
    pub source: Option<String>,
    /// Its version, if it came from a registry.
    pub version: Option<String>,
    /// File names and contents.
    pub files: BTreeMap<String, Arc<[u8]>>,
}

/// Why a plan file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The archive cannot be written.
    #[error("cannot write the plan file")]
    Archive(#[from] zip::result::ZipError),
    /// The archive cannot be written.
    #[error("cannot write the plan file")]
    Io(#[from] std::io::Error),
    /// A value of the plan cannot be stored.
    #[error("cannot store a value of {0}")]
    Value(String, #[source] cty::WireError),
}

/// Whether a file looks like a plan file (and not like a state file, say).
pub fn is_plan_file(source: &[u8]) -> bool {
    source.starts_with(b"PK\x03\x04")
}

/// Writes a plan file.
pub fn write(file: &PlanFile, out: impl Write + Seek) -> Result<(), WriteError> {
    let plan = encode::plan(&file.plan)?;
    archive::write(file, &plan, out)
}

/// Reads a plan file. It is checked in full: no size it claims is trusted, no name leads out of it.
pub fn read(source: &[u8]) -> Result<PlanFile, Diagnostics> {
    let parts = archive::read(source).map_err(problem)?;
    let plan = decode::plan(&parts)?;
    Ok(PlanFile {
        plan,
        sources: parts.sources,
        lock_file: parts.lock_file,
    })
}

/// A plan file that Terraform wrote, with the types of the schemas.
#[cfg(test)]
pub(crate) fn foreign(
    source: &[u8],
    schemas: &crate::json::Schemas,
) -> Result<(Plan, Vec<ModuleSources>), String> {
    use prost::Message;
    let parts = archive::read(source)?;
    let message = message::Plan::decode(&*parts.plan).map_err(|e| e.to_string())?;
    let mut plan = decode::content(&message, &|change, _| {
        let Ok(addr) = addrs::parse_resource_instance(&change.addr) else {
            return Some(cty::Type::Dynamic);
        };
        let provider = addrs::parse_provider_config(&change.provider)
            .ok()?
            .provider;
        let schema = schemas.resource(&provider, &addr.resource)?;
        Some(schema.block.implied_type())
    })?;
    let state = |source: &[u8]| states::file::read(source).map_err(|d| format!("{d:?}"));
    plan.prior_state = state(&parts.state)?.state;
    plan.prev_run_state = state(&parts.prev_state)?.state;
    Ok((plan, parts.sources))
}

fn problem(detail: impl std::fmt::Display) -> Diagnostics {
    Diagnostic::error(
        "Failed to read plan from plan file",
        format!("The plan file cannot be used: {detail}. Make a new one with \"plan -out=FILE\"."),
    )
    .into()
}
