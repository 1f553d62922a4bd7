//! What `start` and `run` take.

use super::problem;
use crate::workdir::duration;
use diags::{Diagnostic, Diagnostics};
use sandbox::{Faults, Options};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How a sandbox shall be.
#[derive(Debug, clap::Args)]
pub(super) struct SandboxArgs {
    /// How long clusters are being created, NAT gateways pending, operations running: 2s, 500ms
    #[arg(long, value_name = "DURATION", default_value = "0s")]
    pending: String,
    /// Derive identifiers from this number
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,
    /// Keep the objects in this file between two starts
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Make go wrong what the rules in this file say
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
}

impl SandboxArgs {
    /// The options of a sandbox at these ports.
    pub(super) fn options(&self, aws_port: u16, google_port: u16) -> Result<Options, Diagnostics> {
        Ok(Options {
            aws_port,
            google_port,
            pending: pending(&self.pending)?,
            seed: self.seed,
            state: self.state.clone(),
            faults: self
                .faults
                .as_deref()
                .map_or(Ok(Faults::default()), faults)?,
            ..Options::default()
        })
    }
}

/// Reads a file of rules.
pub(super) fn faults(path: &Path) -> Result<Faults, Diagnostics> {
    let text = std::fs::read(path).map_err(|error| {
        let name = path.display();
        Diagnostic::error("Cannot read the faults", format!("{name}: {error}."))
    })?;
    Faults::parse(&text).map_err(|error| problem("Invalid faults", &error))
}

/// Milliseconds too: much in a sandbox takes less than a second.
fn pending(text: &str) -> Result<Duration, Diagnostics> {
    let milliseconds = text
        .strip_suffix("ms")
        .and_then(|number| number.parse().ok());
    milliseconds.map_or_else(
        || duration(text),
        |number| Ok(Duration::from_millis(number)),
    )
}
