//! The commands: one file each.

mod apply;
mod console;
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
mod providers;
mod refresh;
mod sandbox;
mod show;
mod state;
mod taint;
mod validate;
mod version;
mod workspace;

use crate::workdir::Workdir;
use clap::{CommandFactory, Parser, Subcommand};
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
    crate::logging::start(&workdir.env);
    // Every command takes -no-color.
    let is_plain = |arg: &&String| *arg == "--no-color";
    if workdir.argv.iter().any(|arg| is_plain(&arg)) {
        workdir.ui.color.set(false);
    }
    let argv = workdir.argv.iter().filter(|arg| !is_plain(arg));
    let cli = match Cli::try_parse_from(argv) {
        Ok(cli) => cli,
        Err(e) => {
            let code = if e.use_stderr() { 1 } else { 0 };
            let _ = e.print();
            return ExitCode::from(code);
        }
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

fn run(workdir: &Workdir, cli: Cli) -> Outcome {
    if cli.version {
        return version::run(workdir, &version::Args::default());
    }
    match cli.command {
        Some(Command::Validate(args)) => validate::run(workdir, &args),
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
            workdir.ui.line(&Cli::command().render_help().to_string());
            Ok(127)
        }
    }
}
