//! `groma state push`

use super::Outcome;
use crate::workdir::{StateArgs, Workdir};
use diags::{Diagnostic, Diagnostics};
use std::io::Read;

/// Replace the state by a file.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The state file; - for standard input
    path: String,
    /// Write it although it has another lineage or is older
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    state: StateArgs,
    /// Accepted for remote backends
    #[arg(long)]
    ignore_remote_version: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let mut bytes = Vec::new();
    let read = if args.path == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(&args.path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|e| {
        Diagnostics::from(Diagnostic::error(
            "Failed to read the given state",
            format!("{}: {e}.", args.path),
        ))
    })?;
    let file = states::file::read(&bytes)?;
    let (config, _) = workdir.load_config();
    let mut session = workdir.open_state(Some(&config), &args.state, Some("state-push"))?;
    session.push(file, args.force)?;
    session.finish()?;
    Ok(0)
}
