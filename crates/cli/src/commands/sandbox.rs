//! `groma sandbox`: both clouds' control planes on this machine, to try things out against.

mod client;
mod options;
mod proxy;
mod requests;
mod reset;
mod run;
mod start;
mod variables;

use super::Outcome;
use crate::workdir::Workdir;
use clap::Subcommand;
use diags::{Diagnostic, Diagnostics};

/// Run AWS and Google Cloud on this machine, as far as groma's providers need them.
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a sandbox and keep it until Ctrl-C
    Start(start::Args),
    /// Start a sandbox for as long as a command runs that uses it
    Run(run::Args),
    /// Make things go wrong before another endpoint
    Proxy(proxy::Args),
    /// Forget all objects and requests of a running sandbox
    Reset(client::At),
    /// Show what a running sandbox was asked
    Requests(requests::Args),
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    match &args.command {
        Command::Start(args) => start::run(workdir, args),
        Command::Run(args) => run::run(workdir, args),
        Command::Proxy(args) => proxy::run(workdir, args),
        Command::Reset(args) => reset::run(workdir, args),
        Command::Requests(args) => requests::run(workdir, args),
    }
}

/// Runs to the end on a runtime of its own.
fn block_on<T>(work: impl Future<Output = Result<T, Diagnostics>>) -> Result<T, Diagnostics> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| problem("Cannot start", &error))?;
    runtime.block_on(work)
}

/// Waits for Ctrl-C, or for being asked to end.
async fn interrupted() -> Result<(), Diagnostics> {
    let ended = async {
        let mut asked = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed,
            _ = asked.recv() => Ok(()),
        }
    };
    ended.await.map_err(|error| problem("Cannot wait", &error))
}

/// An error and its causes.
fn problem(summary: &str, error: &dyn std::error::Error) -> Diagnostics {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    Diagnostic::error(summary, format!("{text}.")).into()
}
