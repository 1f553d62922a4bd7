//! The commands: one file each.

mod apply;
mod autocomplete;
mod console;
mod flags;
mod fmt;
mod force_unlock;
mod get;
mod graph;
mod import;
mod init;
mod login;
mod metadata;
mod modules;
mod output;
mod plan;
pub(crate) mod providers;
mod refresh;
mod sandbox;
mod show;
mod state;
mod taint;
mod test;
mod validate;
mod version;
mod workspace;

use crate::workdir::Workdir;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use diags::Diagnostics;
use states::ObjectStatus;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Plans and applies infrastructure that is described in the Terraform language
#[derive(Debug, Parser)]
#[command(
    name = "groma",
    disable_version_flag = true,
    disable_help_subcommand = true
)]
struct Cli {
    /// Switch to this directory before doing anything
    #[arg(long, value_name = "DIR")]
    chdir: Option<PathBuf>,
    /// Show the version
    #[arg(short, long)]
    version: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Prepare the working directory for other commands
    Init(init::Args),
    /// Install or upgrade the modules that the configuration calls
    Get(get::Args),
    /// Run test files
    Test(test::Args),
    /// Check whether the configuration is valid
    Validate(validate::Args),
    /// Show changes required by the current configuration
    Plan(plan::Args),
    /// Create or update infrastructure
    Apply(apply::Args),
    /// Destroy previously-created infrastructure
    Destroy(apply::Args),
    /// Update the state to match remote systems
    Refresh(refresh::Args),
    /// Bring an object that exists already into the state
    Import(import::Args),
    /// Show output values from your root module
    Output(output::Args),
    /// Show the current state or a saved plan
    Show(show::Args),
    /// Advanced state management
    State(state::Args),
    /// Mark a resource instance as one to be replaced
    Taint(taint::Args),
    /// Mark a resource instance as one that is in order
    Untaint(taint::Args),
    /// Remove the lock of a state whose holder is gone
    ForceUnlock(force_unlock::Args),
    /// Manage workspaces
    Workspace(workspace::Args),
    /// Try expressions out
    Console(console::Args),
    /// Bring configuration files into the canonical layout
    Fmt(fmt::Args),
    /// Print what depends on what
    Graph(graph::Args),
    /// Show the modules that are called
    Modules(modules::Args),
    /// Show the providers that are needed
    Providers(providers::Args),
    /// Run both clouds on this machine, to try things out against
    Sandbox(sandbox::Args),
    /// Print what editors and other tools want to know
    Metadata(metadata::Args),
    /// Obtain and save credentials for a remote host
    Login(login::Args),
    /// Remove locally-stored credentials for a remote host
    Logout(login::Args),
    /// Show the current version
    Version(version::Args),
}

/// How a command ends: its exit code, or what went wrong.
pub(crate) type Outcome = Result<u8, Diagnostics>;

/// Runs the command that the arguments ask for.
pub(crate) fn main(args: Vec<OsString>) -> ExitCode {
    let workdir = Workdir::new(args);
    if let Some(code) = autocomplete::run(&workdir) {
        return ExitCode::from(code);
    }
    crate::logging::start(&workdir.env);
    // Every command takes -no-color.
    let is_plain = |arg: &&String| *arg == "--no-color" || arg.starts_with("--no-color=");
    let last = workdir.argv.iter().rfind(is_plain);
    if last.is_some_and(|arg| arg != "--no-color=false") {
        workdir.ui.color.set(false);
    }
    let argv = workdir.argv.iter().filter(|arg| !is_plain(arg));
    let parsed = command()
        .try_get_matches_from(argv)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(e) => return not_parsed(&workdir, &e),
    };
    if let Some(dir) = &cli.chdir
        && let Err(e) = std::env::set_current_dir(dir)
    {
        workdir.ui.err(&format!(
            "Error handling -chdir option: {}: {e}\n",
            dir.display()
        ));
        return ExitCode::from(1);
    }
    match run(&workdir, cli) {
        Ok(code) => ExitCode::from(code),
        Err(diags) => {
            let failed = diags.has_errors();
            workdir.ui.diagnostics(&diags);
            ExitCode::from(u8::from(failed))
        }
    }
}

/// All commands, with flags that behave as Terraform's do.
pub(crate) fn command() -> clap::Command {
    flags::like_terraform(crate::early::with_variables(Cli::command()))
}

/// Help was asked for, or the command line is not understood.
fn not_parsed(workdir: &Workdir, error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        workdir.ui.out(&flags::dashes(&error.render().to_string()));
        return ExitCode::SUCCESS;
    }
    match flags::refusal(error) {
        flags::Refusal::Command(text) => workdir.ui.err(&text),
        flags::Refusal::Problems(diags) => workdir.ui.diagnostics(&diags),
    }
    ExitCode::FAILURE
}

fn run(workdir: &Workdir, cli: Cli) -> Outcome {
    if cli.version {
        return version::run(workdir, &version::Args::default());
    }
    match cli.command {
        Some(Command::Validate(args)) => validate::run(workdir, &args),
        Some(Command::Test(args)) => test::run(workdir, &args),
        Some(Command::Plan(args)) => plan::run(workdir, &args),
        Some(Command::Apply(args)) => apply::run(workdir, &args, false),
        Some(Command::Destroy(args)) => apply::run(workdir, &args, true),
        Some(Command::Refresh(args)) => refresh::run(workdir, &args),
        Some(Command::Import(args)) => import::run(workdir, &args),
        Some(Command::Output(args)) => output::run(workdir, &args),
        Some(Command::Show(args)) => show::run(workdir, &args),
        Some(Command::Init(args)) => init::run(workdir, &args),
        Some(Command::Get(args)) => get::run(workdir, &args),
        Some(Command::State(args)) => state::run(workdir, &args),
        Some(Command::Taint(args)) => taint::run(workdir, &args, ObjectStatus::Tainted),
        Some(Command::Untaint(args)) => taint::run(workdir, &args, ObjectStatus::Ready),
        Some(Command::ForceUnlock(args)) => force_unlock::run(workdir, &args),
        Some(Command::Workspace(args)) => workspace::run(workdir, &args),
        Some(Command::Console(args)) => console::run(workdir, &args),
        Some(Command::Fmt(args)) => fmt::run(workdir, &args),
        Some(Command::Graph(args)) => graph::run(workdir, &args),
        Some(Command::Modules(args)) => modules::run(workdir, &args),
        Some(Command::Providers(args)) => providers::run(workdir, &args),
        Some(Command::Sandbox(args)) => sandbox::run(workdir, &args),
        Some(Command::Metadata(args)) => metadata::run(workdir, &args),
        Some(Command::Login(args)) => login::login(workdir, &args),
        Some(Command::Logout(args)) => login::logout(workdir, &args),
        Some(Command::Version(args)) => version::run(workdir, &args),
        None => {
            let help = command().render_help().to_string();
            workdir.ui.line(&flags::dashes(&help));
            Ok(127)
        }
    }
}
