//! `groma sandbox run`

use super::options::SandboxArgs;
use super::variables::{REMOVED, variables};
use super::{Outcome, block_on, interrupted, problem};
use crate::workdir::Workdir;
use diags::Diagnostic;
use sandbox::Sandbox;
use std::ffi::OsString;
use std::process::ExitStatus;

/// Start a sandbox for as long as a command runs that uses it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The port that answers as AWS; 0 = any free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    aws_port: u16,
    /// The port that answers as Google Cloud; 0 = any free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    google_port: u16,
    #[command(flatten)]
    sandbox: SandboxArgs,
    /// The command and its arguments
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

pub(super) fn run(_: &Workdir, args: &Args) -> Outcome {
    let options = args.sandbox.options(args.aws_port, args.google_port)?;
    let (program, rest) = args.command.split_first().ok_or_else(|| {
        Diagnostic::error(
            "No command",
            "Write the command to run after two dashes: groma sandbox run -- CMD.",
        )
    })?;
    block_on(async {
        let sandbox = Sandbox::start(options)
            .await
            .map_err(|error| problem("Cannot start the sandbox", &error))?;
        let mut command = tokio::process::Command::new(program);
        command
            .args(rest)
            .envs(variables(&sandbox))
            .kill_on_drop(true);
        for name in REMOVED {
            command.env_remove(name);
        }
        let mut child = command.spawn().map_err(|error| {
            let name = program.to_string_lossy();
            Diagnostic::error("Cannot run the command", format!("{name}: {error}."))
        })?;
        let ended = loop {
            tokio::select! {
                ended = child.wait() => break ended,
                // Ctrl-C reaches the command too: what it makes of it counts.
                signal = interrupted() => signal?,
            }
        };
        let status = ended.map_err(|error| problem("Cannot run the command", &error))?;
        sandbox
            .shutdown()
            .map_err(|error| problem("Cannot keep the objects", &error))?;
        Ok(code(status))
    })
}

/// The exit code as a shell has it.
fn code(status: ExitStatus) -> u8 {
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    let code = status.code().or(signal.map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
