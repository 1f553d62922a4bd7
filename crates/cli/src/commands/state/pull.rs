//! `groma state pull`

use super::Outcome;
use crate::workdir::{StateArgs, Workdir};

/// Print the current state.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Accepted for remote backends
    #[arg(long)]
    ignore_remote_version: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

pub(super) fn run(workdir: &Workdir, _: &Args) -> Outcome {
    let (config, _) = workdir.load_config();
    let session = workdir.open_state(Some(&config), &StateArgs::default(), None)?;
    if session.existed() {
        let bytes = states::file::write(session.file());
        workdir.ui.line(&String::from_utf8_lossy(&bytes));
    }
    Ok(0)
}
