//! `groma state replace-provider`

use super::{Outcome, no_state, with_dated_backup};
use crate::prompt::ask;
use crate::workdir::{StateArgs, Workdir};
use addrs::{AbsResource, Provider};
use diags::{Diagnostic, Diagnostics};

/// Replace a provider in the state.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The source address of the former provider
    from: String,
    /// The source address of the new one
    to: String,
    /// Do not ask first
    #[arg(long)]
    auto_approve: bool,
    #[command(flatten)]
    state: StateArgs,
    /// Accepted for remote backends
    #[arg(long)]
    ignore_remote_version: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let ui = &workdir.ui;
    let (from, to) = (source(&args.from, "from")?, source(&args.to, "to")?);
    let (config, _) = workdir.load_config();
    let state_args = with_dated_backup(workdir, &config, &args.state);
    let mut session =
        workdir.open_state(Some(&config), &state_args, Some("state-replace-provider"))?;
    if !session.existed() {
        return no_state(workdir);
    }
    let mut state = session.file().state.clone();
    let concerned: Vec<AbsResource> = state
        .resources
        .iter()
        .filter(|(_, r)| r.provider.provider == from)
        .map(|(addr, _)| addr.clone())
        .collect();
    if concerned.is_empty() {
        ui.line("No matching resources found.");
        session.finish()?;
        return Ok(0);
    }
    ui.line(&format!(
        "groma will perform the following actions:\n\n  ~ Updating provider:\n    - {from}\n    + {to}\n\nChanging {} resources:\n",
        concerned.len()
    ));
    for addr in &concerned {
        ui.line(&format!("  {addr}"));
    }
    if !args.auto_approve {
        let answer = ask(
            ui,
            "\nDo you want to make these changes?\nOnly 'yes' will be accepted to continue.\n\nEnter a value: ",
        );
        if answer.as_deref() != Some("yes") {
            ui.line("Cancelled replacing providers.");
            session.finish()?;
            return Ok(0);
        }
    }
    for addr in &concerned {
        if let Some(resource) = state.resources.get_mut(addr) {
            resource.provider.provider = to.clone();
        }
    }
    session.save(state)?;
    session.finish()?;
    ui.line(&format!(
        "\nSuccessfully replaced provider for {} resources.",
        concerned.len()
    ));
    Ok(0)
}

fn source(text: &str, which: &str) -> Result<Provider, Diagnostics> {
    Provider::parse(text).map_err(|why| {
        Diagnostic::error(format!("Invalid {which:?} provider {text:?}"), why).into()
    })
}
