//! `groma plan`

use super::Outcome;
use crate::operation::{PlanArgs, in_round, prepare};
use crate::views;
use crate::workdir::{StateArgs, Workdir};
use engine::PriorState;

/// Show changes required by the current configuration.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    plan: PlanArgs,
    #[command(flatten)]
    state: StateArgs,
    /// End with code 2 if there are changes
    #[arg(long)]
    detailed_exitcode: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let options = args.plan.options()?;
    let prepared = prepare(workdir, &args.plan)?;
    let session = workdir.open_state(
        Some(&prepared.config),
        &args.state,
        Some("OperationTypePlan"),
    )?;
    let file = session.file().clone();
    let (plan, diags) = in_round(
        workdir,
        &prepared,
        Some(&file.state),
        options,
        &engine::Silent,
        async |round| {
            let prior = PriorState {
                state: file.state.clone(),
                lineage: file.lineage.as_str().into(),
                serial: file.serial,
            };
            Ok(engine::plan(round, prior).await)
        },
    )?;
    session.finish()?;
    workdir.ui.line(&views::plan::summary(&plan));
    let failed = diags.has_errors();
    workdir.ui.diagnostics(&diags);
    Ok(match (failed, args.detailed_exitcode && plan.applyable) {
        (true, _) => 1,
        (false, true) => 2,
        (false, false) => 0,
    })
}
