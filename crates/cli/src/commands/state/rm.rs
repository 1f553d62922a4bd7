//! `groma state rm`

use super::{ChangeArgs, Outcome, no_state, target, with_dated_backup};
use crate::workdir::Workdir;
use addrs::AbsResourceInstance;
use diags::Diagnostic;

/// Remove instances from the state; the objects themselves stay.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Resource instances, resources or modules
    #[arg(required = true)]
    address: Vec<String>,
    #[command(flatten)]
    change: ChangeArgs,
}

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.change.no_color {
        workdir.ui.color.set(false);
    }
    let targets = args
        .address
        .iter()
        .map(|text| target(text))
        .collect::<Result<Vec<_>, _>>()?;
    let (config, _) = workdir.load_config();
    let state_args = with_dated_backup(workdir, &config, &args.change.state);
    let operation = (!args.change.dry_run).then_some("state-rm");
    let mut session = workdir.open_state(Some(&config), &state_args, operation)?;
    if !session.existed() {
        return no_state(workdir);
    }
    let mut state = session.file().state.clone();
    let mut removed: Vec<AbsResourceInstance> = Vec::new();
    for target in &targets {
        let meant: Vec<AbsResourceInstance> = state
            .instances()
            .map(|(addr, ..)| addr)
            .filter(|addr| target.contains(addr))
            .collect();
        for addr in meant {
            let resource = addr.abs_resource();
            if args.change.dry_run {
                workdir.ui.line(&format!("Would remove {addr}"));
            } else {
                workdir.ui.line(&format!("Removed {addr}"));
            }
            if let Some(stored) = state.resources.get_mut(&resource) {
                stored.instances.remove(&addr.key);
                if stored.instances.is_empty() {
                    state.resources.remove(&resource);
                }
            }
            removed.push(addr);
        }
    }
    if args.change.dry_run {
        if removed.is_empty() {
            workdir.ui.line("Would have removed nothing.");
        }
        return Ok(0);
    }
    if removed.is_empty() {
        return Err(Diagnostic::error(
            "Invalid target address",
            "No matching objects found. To view the available instances, use \"groma state list\". Please modify the address to reference \
             a specific instance.",
        )
        .into());
    }
    session.save(state)?;
    session.finish()?;
    workdir.ui.line(&format!(
        "Successfully removed {} resource instance(s).",
        removed.len()
    ));
    Ok(0)
}
