//! `groma refresh`

use super::{Outcome, apply};
use crate::workdir::Workdir;

/// Update the state to match remote systems.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    apply: apply::Args,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    apply::refresh(workdir, &args.apply)
}
