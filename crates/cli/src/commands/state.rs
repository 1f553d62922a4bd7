//! `groma state`: looking at the state and changing it by hand.

mod list;
mod mv;
mod pull;
mod push;
mod recover;
mod replace_provider;
mod rm;
mod show;

use super::Outcome;
use crate::workdir::{StateArgs, Workdir};
use addrs::{AbsResourceInstance, Target};
use clap::Subcommand;
use diags::{Diagnostic, Diagnostics};

/// Advanced state management.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List resources in the state
    List(list::Args),
    /// Move an item in the state
    #[command(alias = "move")]
    Mv(mv::Args),
    /// Print the current state
    Pull(pull::Args),
    /// Replace the state by a file
    Push(push::Args),
    /// Bring in what a run that was cut short has left, and tell what it left open
    Recover(recover::Args),
    /// Replace a provider in the state
    ReplaceProvider(replace_provider::Args),
    /// Remove instances from the state
    #[command(alias = "remove")]
    Rm(rm::Args),
    /// Show a resource in the state
    Show(show::Args),
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    match &args.command {
        Command::List(args) => list::run(workdir, args),
        Command::Mv(args) => mv::run(workdir, args),
        Command::Pull(args) => pull::run(workdir, args),
        Command::Push(args) => push::run(workdir, args),
        Command::Recover(args) => recover::run(workdir, args),
        Command::ReplaceProvider(args) => replace_provider::run(workdir, args),
        Command::Rm(args) => rm::run(workdir, args),
        Command::Show(args) => show::run(workdir, args),
    }
}

/// What every command that changes the state takes.
#[derive(Clone, Debug, clap::Args)]
struct ChangeArgs {
    /// Only print what would be done
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = false, action = clap::ArgAction::Set)]
    dry_run: bool,
    #[command(flatten)]
    state: StateArgs,
    /// Accepted for remote backends
    #[arg(long)]
    ignore_remote_version: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

/// Such commands keep the former state under a name with the time in it, so that none replaces
/// another's.
fn with_dated_backup(workdir: &Workdir, config: &configs::Config, args: &StateArgs) -> StateArgs {
    let mut args = args.clone();
    if args.backup.is_none() {
        let options = workdir.local_options(Some(config), &args);
        let paths = backends::StatePaths::new(&options, &workdir.workspace());
        let mut name = paths.write.into_os_string();
        name.push(format!(".{}.backup", crate::operation::now().timestamp()));
        args.backup = Some(name.into());
    }
    args
}

const NO_STATE: &str = "No state file was found!

State management commands require a state file. Run this command
in a directory where groma has been run or use the -state flag
to point the command to a specific state location.
";

/// Says that there is no state.
fn no_state(workdir: &Workdir) -> Outcome {
    workdir.ui.err(NO_STATE);
    Ok(1)
}

/// The problem of a state without any resource.
pub(super) fn empty() -> Diagnostic {
    Diagnostic::error(
        "No such resource instance",
        "The state currently contains no resource instances whatsoever. This may occur if the configuration has never been applied or if \
         it has recently been destroyed.",
    )
}

/// Reads the address of one instance.
pub(super) fn instance_address(text: &str) -> Result<AbsResourceInstance, Diagnostics> {
    addrs::parse_resource_instance(text).map_err(|why| invalid(text, &why))
}

/// Reads what a command is limited to.
fn target(text: &str) -> Result<Target, Diagnostics> {
    Target::parse(text).map_err(|why| invalid(text, &why))
}

fn invalid(text: &str, why: &str) -> Diagnostics {
    Diagnostic::error(
        "Invalid address",
        format!("{text:?} is not the address of a resource instance: {why}."),
    )
    .into()
}
