//! `groma import`

use super::Outcome;
use crate::listener::Listener;
use crate::operation::{Prepared, in_round, prepare_in};
use crate::workdir::{StateArgs, Workdir};
use addrs::{AbsResourceInstance, Mode};
use diags::{Diagnostic, Diagnostics};
use engine::{PlanOptions, PriorState};
use std::path::PathBuf;

/// Bring an object that exists already into the state.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The address of the resource instance that the object is for
    address: String,
    /// What the provider finds the object by
    id: String,
    /// The directory of the configuration
    #[arg(long, value_name = "PATH", default_value = ".")]
    config: PathBuf,
    #[command(flatten)]
    state: StateArgs,
    /// How many operations may run at once
    #[arg(long, value_name = "N", default_value_t = 10)]
    parallelism: usize,
    /// Ask for what is missing
    #[arg(long, num_args = 0..=1, default_missing_value = "true", default_value_t = true, action = clap::ArgAction::Set)]
    input: bool,
    /// Accepted for remote backends
    #[arg(long)]
    ignore_remote_version: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

const DONE: &str = "
Import successful!

The resources that were imported are shown above. These resources are now in
your groma state and will henceforth be managed by groma.
";

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let addr = super::state::instance_address(&args.address)?;
    if addr.resource.mode != Mode::Managed {
        return Err(Diagnostic::error(
            "A managed resource address is required",
            format!("Only what a resource block manages can be imported, which {addr} is not."),
        )
        .into());
    }
    let prepared = prepare_in(workdir, &args.config)?;
    check(&prepared, &addr)?;
    let mut session = workdir.open_state(Some(&prepared.config), &args.state, Some("import"))?;
    let file = session.file().clone();
    let options = PlanOptions {
        mode: plans::Mode::RefreshOnly,
        refresh: false,
        parallelism: args.parallelism,
        ..PlanOptions::default()
    };
    let wanted = [(addr, args.id.clone())];
    let (state, diags) = in_round(
        workdir,
        &prepared,
        Some(&file.state),
        options,
        &Listener::new(&workdir.ui),
        async |round| {
            let prior = PriorState {
                state: file.state.clone(),
                lineage: file.lineage.as_str().into(),
                serial: file.serial,
            };
            Ok(engine::import(round, prior, &wanted).await)
        },
    )?;
    let failed = diags.has_errors();
    if !failed {
        session.save(state)?;
    }
    session.finish()?;
    workdir.ui.diagnostics(&diags);
    if !failed {
        workdir.ui.line(DONE);
    }
    Ok(u8::from(failed))
}

/// The configuration must have a block for the object.
fn check(prepared: &Prepared, addr: &AbsResourceInstance) -> Result<(), Diagnostics> {
    let path = addr.module.module();
    let Some(module) = prepared.config.descendant(&path) else {
        return Err(Diagnostic::error(
            "Import to non-existent module",
            format!(
                "{path} is not defined in the configuration. Please add configuration for this module before importing into it."
            ),
        )
        .into());
    };
    if module.module.resources.contains_key(&addr.resource) {
        return Ok(());
    }
    let place = if path.is_root() {
        "the root module".to_owned()
    } else {
        addr.module.to_string()
    };
    let block = format!(
        "resource \"{}\" \"{}\" {{\n  # (resource arguments)\n}}",
        addr.resource.kind, addr.resource.name
    );
    Err(Diagnostic::error(
        format!("Resource address {addr} does not exist in the configuration"),
        format!(
            "Before importing this resource, please create its configuration in {place}. For example:\n\n{block}"
        ),
    )
    .into())
}
