//! `groma force-unlock`

use super::Outcome;
use crate::prompt::ask;
use crate::workdir::{StateArgs, Workdir};
use backends::StateStore;
use diags::Diagnostic;

/// Remove the lock of a state whose holder is gone.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The lock's ID, as the message about it names it
    lock_id: String,
    /// Do not ask first
    #[arg(long)]
    force: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let (config, _) = workdir.load_config();
    let mut store = workdir.store(Some(&config), &StateArgs::default());
    if !args.force {
        if !workdir.env.input() {
            return Err(Diagnostic::error(
                "Cannot ask for confirmation",
                "Input is disabled, so nobody can confirm: run again with -force.",
            )
            .into());
        }
        let answer = ask(
            &workdir.ui,
            "Do you really want to force-unlock?\n  groma will remove the lock on the state.\n  This will allow local commands to modify this state, even though it\n  may still be in use. Only 'yes' will be accepted to confirm.\n\n  Enter a value: ",
        );
        if answer.as_deref() != Some("yes") {
            workdir.ui.line("force-unlock cancelled.");
            return Ok(1);
        }
    }
    store.force_unlock(&args.lock_id)?;
    workdir.ui.line(
        "The state has been successfully unlocked!\n\nThe state has been unlocked, and commands should now be able to\nobtain a new lock on the state.",
    );
    Ok(0)
}
