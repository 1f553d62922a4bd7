//! `groma taint` and `groma untaint`

use super::Outcome;
use crate::workdir::{StateArgs, Workdir};
use addrs::Mode;
use diags::Diagnostic;
use states::ObjectStatus;
use std::sync::Arc;

/// Mark a resource instance as one to be replaced, or as one that is in order.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The address of a resource instance
    address: String,
    /// End well although the instance is missing
    #[arg(long)]
    allow_missing: bool,
    #[command(flatten)]
    state: StateArgs,
    /// Accepted for remote backends
    #[arg(long)]
    ignore_remote_version: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

/// Sets the status of an object: tainted, or ready again.
pub(crate) fn run(workdir: &Workdir, args: &Args, status: ObjectStatus) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let tainting = status == ObjectStatus::Tainted;
    let addr = super::state::instance_address(&args.address)?;
    if tainting && addr.resource.mode != Mode::Managed {
        workdir
            .ui
            .err(&format!("Resource instance {addr} cannot be tainted\n"));
        return Ok(1);
    }
    let (config, _) = workdir.load_config();
    let operation = if tainting { "taint" } else { "untaint" };
    let mut session = workdir.open_state(Some(&config), &args.state, Some(operation))?;
    let mut state = session.file().state.clone();
    let object = state.instance(&addr).map(|i| i.current.clone());
    let object = match object {
        Some(Some(object)) => object,
        _ if args.allow_missing => {
            let warning = Diagnostic::warning(
                "No such resource instance",
                format!(
                    "Resource instance {addr} was not found, but this is not an error because -allow-missing was set."
                ),
            );
            workdir.ui.diagnostics(&warning.into());
            session.finish()?;
            return Ok(0);
        }
        None if state.resources.is_empty() => return Err(super::state::empty().into()),
        None => {
            return Err(Diagnostic::error(
                "No such resource instance",
                format!(
                    "There is no resource instance in the state with the address {addr}. If the resource configuration has just been \
                     added, you must run \"groma apply\" once to create the corresponding instance(s) before they can be tainted."
                ),
            )
            .into());
        }
        Some(None) => {
            return Err(Diagnostic::error(
                "No such resource instance",
                format!(
                    "Resource instance {addr} is currently part-way through a create_before_destroy replacement action. Run \"groma \
                     apply\" to complete its replacement before you {operation} it."
                ),
            )
            .into());
        }
    };
    if !tainting && object.status != ObjectStatus::Tainted {
        return Err(Diagnostic::error(
            "Resource instance is not tainted",
            format!(
                "Resource instance {addr} is not currently tainted, and so it cannot be untainted."
            ),
        )
        .into());
    }
    if let Some(provider) = state
        .resources
        .get(&addr.abs_resource())
        .map(|r| r.provider.clone())
    {
        let mut changed = (*object).clone();
        changed.status = status;
        state.set_current(&addr, &provider, Some(Arc::new(changed)));
    }
    session.save(state)?;
    session.finish()?;
    workdir.ui.line(&if tainting {
        format!("Resource instance {addr} has been marked as tainted.")
    } else {
        format!("Resource instance {addr} has been successfully untainted.")
    });
    Ok(0)
}
