//! `groma sandbox reset`

use super::Outcome;
use super::client::At;
use crate::workdir::Workdir;

pub(super) fn run(workdir: &Workdir, at: &At) -> Outcome {
    at.send(workdir, "POST", "reset")?;
    workdir.ui.line("The sandbox is empty.");
    Ok(0)
}
