//! `groma workspace`

use super::Outcome;
use crate::workdir::{StateArgs, Workdir};
use addrs::Mode;
use backends::{Session, StateStore, Workspaces};
use clap::Subcommand;
use diags::{Diagnostic, Diagnostics};
use std::path::PathBuf;

/// Manage workspaces: several states of one configuration.
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List workspaces
    List(Plain),
    /// Show the name of the current workspace
    Show(Plain),
    /// Create a workspace and switch to it
    New(New),
    /// Switch to a workspace
    Select(Select),
    /// Delete a workspace
    Delete(Delete),
}

#[derive(Debug, clap::Args)]
struct Plain {
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

#[derive(Debug, clap::Args)]
struct New {
    /// The name of the new workspace
    name: String,
    /// Copy this state file into the new workspace
    #[arg(long, value_name = "PATH")]
    state: Option<PathBuf>,
    #[command(flatten)]
    lock: LockArgs,
}

#[derive(Debug, clap::Args)]
struct Select {
    /// The name of the workspace
    name: String,
    /// Create it if it is not there
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = false, action = clap::ArgAction::Set)]
    or_create: bool,
}

#[derive(Debug, clap::Args)]
struct Delete {
    /// The name of the workspace
    name: String,
    /// Delete it although there are objects in its state
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    lock: LockArgs,
}

#[derive(Debug, clap::Args)]
struct LockArgs {
    /// Lock the state while working with it
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = true, action = clap::ArgAction::Set)]
    lock: bool,
    /// How long to wait for a lock that someone else has
    #[arg(long, value_name = "DURATION", default_value = "0s")]
    lock_timeout: String,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let (config, _) = workdir.load_config();
    let options = workdir.local_options(Some(&config), &StateArgs::default());
    let workspaces = Workspaces::new(workdir.data_dir(), &options);
    match &args.command {
        Command::Show(_) => {
            workdir.ui.line(&workdir.workspace());
            Ok(0)
        }
        Command::List(_) => list(workdir, &workspaces),
        Command::New(args) => new(workdir, &workspaces, &config, args),
        Command::Select(args) => select(workdir, &workspaces, args),
        Command::Delete(args) => delete(workdir, &workspaces, &config, args),
    }
}

fn list(workdir: &Workdir, workspaces: &Workspaces) -> Outcome {
    let current = workdir.workspace();
    for name in workspaces.list()? {
        let mark = if name == current { '*' } else { ' ' };
        workdir.ui.line(&format!("{mark} {name}"));
    }
    workdir.ui.line("");
    if workdir.env.workspace().is_some() {
        workdir.ui.line(
            "\n\nThe active workspace is being overridden using the TF_WORKSPACE environment\nvariable.\n",
        );
    }
    Ok(0)
}

fn created(workdir: &Workdir, name: &str) {
    workdir.ui.line(&format!(
        "Created and switched to workspace {name:?}!\n\nYou're now on a new, empty workspace. Workspaces isolate their state,\nso if you run \"groma plan\" groma will not see any existing state\nfor this configuration."
    ));
}

fn new(
    workdir: &Workdir,
    workspaces: &Workspaces,
    config: &configs::Config,
    args: &New,
) -> Outcome {
    if workdir.env.workspace().is_some() {
        workdir.ui.err(
            "\nThe workspace is currently overridden using the TF_WORKSPACE environment\nvariable. You cannot create a new workspace when using this setting.\n\nTo create a new workspace, either unset this environment variable or update it\nto match the workspace name you are trying to create, and then run this command\nagain.\n\n",
        );
        return Ok(1);
    }
    if workspaces.list()?.contains(&args.name) {
        workdir
            .ui
            .err(&format!("Workspace {:?} already exists\n", args.name));
        return Ok(1);
    }
    let copied = match &args.state {
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|e| {
                Diagnostics::from(Diagnostic::error(
                    "Failed to read the given state",
                    format!("{}: {e}.", path.display()),
                ))
            })?;
            Some(states::file::read(&bytes)?)
        }
        None => None,
    };
    workspaces.create(&args.name)?;
    workspaces.select(&args.name)?;
    created(workdir, &args.name);
    if let Some(file) = copied {
        let state_args = StateArgs {
            lock: args.lock.lock,
            lock_timeout: args.lock.lock_timeout.clone(),
            ..StateArgs::default()
        };
        let mut session: Session =
            workdir.open_state(Some(config), &state_args, Some("workspace_new"))?;
        session.push(file, false)?;
        session.finish()?;
    }
    Ok(0)
}

fn select(workdir: &Workdir, workspaces: &Workspaces, args: &Select) -> Outcome {
    if workdir.env.workspace().is_some() {
        workdir.ui.err(
            "\nThe selected workspace is currently overridden using the TF_WORKSPACE\nenvironment variable.\n\nTo select a new workspace, either update this environment variable or unset\nit and then run this command again.\n\n",
        );
        return Ok(1);
    }
    if args.name == workdir.workspace() {
        return Ok(0);
    }
    if !workspaces.list()?.contains(&args.name) {
        if !args.or_create {
            return missing(workdir, &args.name);
        }
        workspaces.create(&args.name)?;
        workspaces.select(&args.name)?;
        created(workdir, &args.name);
        return Ok(0);
    }
    workspaces.select(&args.name)?;
    workdir
        .ui
        .line(&format!("Switched to workspace {:?}.", args.name));
    Ok(0)
}

fn missing(workdir: &Workdir, name: &str) -> Outcome {
    workdir.ui.err(&format!(
        "\nWorkspace {name:?} doesn't exist.\n\nYou can create this workspace with the \"new\" subcommand \nor include the \"-or-create\" flag with the \"select\" subcommand.\n"
    ));
    Ok(1)
}

fn delete(
    workdir: &Workdir,
    workspaces: &Workspaces,
    config: &configs::Config,
    args: &Delete,
) -> Outcome {
    let name = &args.name;
    if !workspaces.list()?.contains(name) {
        return missing(workdir, name);
    }
    if *name == workdir.workspace() {
        workdir.ui.err(&format!(
            "\nWorkspace {name:?} is your active workspace.\n\nYou cannot delete the currently active workspace. Please switch\nto another workspace and try again.\n\n"
        ));
        return Ok(1);
    }
    let options = workdir.local_options(Some(config), &StateArgs::default());
    let mut store = backends::LocalStore::new(backends::StatePaths::new(&options, name));
    let info = backends::LockInfo::create("workspace_delete", &backends::who());
    if args.lock.lock {
        let timeout = crate::workdir::duration(&args.lock.lock_timeout)?;
        backends::lock_with_timeout(&mut store, &info, timeout, &mut || {
            workdir.ui.line("Waiting for the state lock…");
        })?;
    }
    let tracked: Vec<String> = store
        .read()?
        .map(|file| {
            let managed = |(addr, ..): &(addrs::AbsResourceInstance, _, _)| {
                addr.resource.mode == Mode::Managed
            };
            let instances = file.state.instances().filter(managed);
            instances
                .map(|(addr, ..)| format!("\n  - {addr}"))
                .collect()
        })
        .unwrap_or_default();
    store.unlock()?;
    if !tracked.is_empty() && !args.force {
        return Err(Diagnostic::error(
            "Workspace is not empty",
            format!(
                "Workspace {name:?} is currently tracking the following resource instances:{}\n\nDeleting this workspace would cause groma \
                 to lose track of any associated remote objects, which would then require you to delete them manually outside of groma. \
                 You should destroy these objects with groma before deleting the workspace.\n\nIf you want to delete this workspace \
                 anyway, and have groma forget about these managed objects, use the -force option to disable this safety check.",
                tracked.concat()
            ),
        )
        .into());
    }
    workspaces.delete(name)?;
    workdir.ui.line(&format!("Deleted workspace {name:?}!"));
    if !tracked.is_empty() {
        workdir.ui.line(&format!(
            "WARNING: {name:?} was non-empty.\nThe resources managed by the deleted workspace may still exist,\nbut are no longer manageable by groma since the state has\nbeen deleted.\n"
        ));
    }
    Ok(0)
}
