//! `groma apply` and `groma destroy`

use super::Outcome;
use crate::journal::FileJournal;
use crate::operation::{PlanArgs, in_round, prepare};
use crate::prompt::ask;
use crate::views;
use crate::workdir::{StateArgs, Workdir};
use diags::Diagnostic;
use engine::PriorState;

/// Create or update infrastructure.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    plan: PlanArgs,
    #[command(flatten)]
    state: StateArgs,
    /// Do not ask before applying
    #[arg(long)]
    auto_approve: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args, destroy: bool) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let mut plan_args = args.plan.clone();
    plan_args.destroy |= destroy;
    carry_out(workdir, args, &plan_args, args.auto_approve)
}

/// Brings the state up to date without asking.
pub(crate) fn refresh(workdir: &Workdir, args: &Args) -> Outcome {
    let plan_args = PlanArgs {
        refresh_only: true,
        ..args.plan.clone()
    };
    carry_out(workdir, args, &plan_args, true)
}

fn carry_out(workdir: &Workdir, args: &Args, plan_args: &PlanArgs, approved: bool) -> Outcome {
    let options = plan_args.options()?;
    let prepared = prepare(workdir, plan_args)?;
    let mut session = workdir.open_state(
        Some(&prepared.config),
        &args.state,
        Some("OperationTypeApply"),
    )?;
    let file = session.file().clone();
    let ui = &workdir.ui;
    let (state, diags) = in_round(
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
            let (plan, diags) = engine::plan(round, prior).await;
            ui.line(&views::plan::summary(&plan));
            if diags.has_errors() {
                return Err(diags);
            }
            ui.diagnostics(&diags);
            if plan.applyable && !approved {
                if !args.plan.input || !workdir.env.input() {
                    return Err(Diagnostic::error(
                    "Cannot ask for approval",
                    "Input is disabled, so nobody can approve the plan: run again with -auto-approve.",
                )
                .into());
                }
                let answer = ask(
                    ui,
                    "\nDo you want to perform these actions?\n  Only 'yes' will be accepted to approve.\n\n  Enter a value: ",
                );
                if answer.as_deref() != Some("yes") {
                    return Err(
                        Diagnostic::error("Apply cancelled", "The plan was not approved.").into(),
                    );
                }
            }
            let time = round.surroundings.timestamp.clone();
            let journal = FileJournal(session.begin("apply", &time)?);
            let result = engine::apply(round, &plan, &journal).await;
            drop(journal);
            Ok(result)
        },
    )?;
    session.save(state)?;
    session.finish()?;
    let failed = diags.has_errors();
    workdir.ui.diagnostics(&diags);
    if !failed {
        workdir.ui.line("\nApply complete!");
    }
    Ok(u8::from(failed))
}
