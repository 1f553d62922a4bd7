//! `groma apply` and `groma destroy`

use super::Outcome;
use crate::early::given;
use crate::journal::FileJournal;
use crate::listener::Listener;
use crate::operation::{PlanArgs, Prepared, in_round, interrupted, prepare};
use crate::prompt::ask;
use crate::ui::Form;
use crate::variables::{Given, gather};
use crate::workdir::{StateArgs, Workdir};
use crate::{planfile, views};
use diags::{Diagnostic, Diagnostics};
use engine::{PlanOptions, PriorState, Round};
use plans::Plan;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Create or update infrastructure.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A saved plan
    plan_file: Option<PathBuf>,
    #[command(flatten)]
    plan: PlanArgs,
    #[command(flatten)]
    state: StateArgs,
    /// Do not ask before applying
    #[arg(long)]
    auto_approve: bool,
    /// Events as JSON, one per line
    #[arg(long)]
    json: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
    /// Warnings as a list of their summaries
    #[arg(long)]
    compact_warnings: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args, destroy: bool) -> Outcome {
    set_up(workdir, args);
    if let Some(path) = &args.plan_file {
        if destroy {
            return Err(Diagnostic::error(
                "Destroy can't be called with a plan file",
                "If this plan was created using plan -destroy, apply it using: groma apply PLAN.",
            )
            .into());
        }
        return apply_saved(workdir, args, path);
    }
    let plan_args = PlanArgs {
        destroy: args.plan.destroy || destroy,
        ..args.plan.clone()
    };
    plan_and_apply(workdir, args, &plan_args, args.auto_approve)
}

/// Brings the state up to date without asking.
pub(crate) fn refresh(workdir: &Workdir, args: &Args) -> Outcome {
    set_up(workdir, args);
    let plan_args = PlanArgs {
        refresh_only: true,
        ..args.plan.clone()
    };
    plan_and_apply(workdir, args, &plan_args, true)
}

fn set_up(workdir: &Workdir, args: &Args) {
    workdir.ui.compact_warnings.set(args.compact_warnings);
    if args.no_color {
        workdir.ui.color.set(false);
    }
    if args.json {
        workdir.ui.form.set(Form::Json);
        workdir.ui.line(&views::events::version());
    }
}

fn plan_and_apply(workdir: &Workdir, args: &Args, plan_args: &PlanArgs, approved: bool) -> Outcome {
    let options = plan_args.options()?;
    let prepared = prepare(workdir)?;
    carry_out(
        workdir,
        args,
        &prepared,
        options,
        async |round: &Round<'_>, prior: PriorState| {
            let (plan, diags) = engine::plan(round, prior).await;
            workdir.ui.plan(&plan, round.schemas);
            if diags.has_errors() {
                return Err(diags);
            }
            // Nobody is asked what to think of checks that are about to be evaluated anew.
            let again = |d: &Diagnostic| d.summary.starts_with("Check block assertion ");
            let anew = approved && plan.mode == plans::Mode::Normal;
            let shown = diags.into_iter().filter(|d| !(anew && again(d)));
            workdir.ui.diagnostics(&shown.collect());
            if plan.applyable && !approved {
                approve(workdir, args, &plan)?;
            }
            Ok(plan)
        },
    )
}

/// The values of ephemeral variables, which a saved plan does not have. Of the others those stay that the
/// plan was made with.
fn given_again(
    workdir: &Workdir,
    saved: &planfile::Saved,
) -> Result<BTreeMap<Arc<str>, cty::Value>, Diagnostics> {
    let module = &saved.prepared.config.module;
    let values = |given: &[Given]| {
        let (inputs, diags) = gather(module, Path::new("."), &workdir.env, given, &workdir.ui);
        (inputs.values, diags)
    };
    let (usual, _) = values(&[]);
    let (mut all, mut diags) = values(&given(&workdir.argv));
    let needed = &saved.plan.apply_time_variables;
    for name in needed.iter().filter(|name| !all.contains_key(*name)) {
        diags.push(Diagnostic::error(
            "No value for required variable",
            format!(
                "The ephemeral input variable {name:?} was set when the plan was made. Its value is not in the plan, so it must \
                 be set again to apply it: use -var or -var-file."
            ),
        ));
    }
    for (name, value) in &all {
        let ephemeral = module.variables.get(name).is_some_and(|v| v.ephemeral);
        let planned = saved.plan.variables.get(name).map(|v| &v.value);
        if ephemeral && !needed.contains(name) {
            diags.push(Diagnostic::error(
                "Ephemeral variable was not set during planning",
                format!(
                    "The ephemeral input variable {name:?} has a value now, but had none when the plan was made. Leave it unset, \
                     or plan again with it."
                ),
            ));
        } else if !ephemeral && usual.get(name) != Some(value) && planned != Some(value) {
            diags.push(Diagnostic::error(
                "Can't change variable when applying a saved plan",
                format!(
                    "The variable {name} cannot be set by -var or -var-file here: the saved plan has the values that it was made \
                     with. Plan again, or declare the variable with ephemeral = true if it must be another one each time."
                ),
            ));
        }
    }
    if diags.has_errors() {
        return Err(diags);
    }
    workdir.ui.diagnostics(&diags);
    all.retain(|name, _| needed.contains(name));
    Ok(all)
}

fn apply_saved(workdir: &Workdir, args: &Args, path: &Path) -> Outcome {
    let bytes = std::fs::read(path).map_err(|e| {
        Diagnostics::from(Diagnostic::error(
            format!(
                "Failed to load {:?} as a plan file",
                path.display().to_string()
            ),
            format!("{e}."),
        ))
    })?;
    let mut saved = planfile::load(workdir, &bytes)?;
    saved
        .prepared
        .inputs
        .values
        .extend(given_again(workdir, &saved)?);
    workdir.ui.diagnostics(&saved.warnings);
    let options = PlanOptions {
        mode: saved.plan.mode,
        parallelism: args.plan.parallelism,
        ..PlanOptions::default()
    };
    let plan = saved.plan;
    if plan.errored {
        return Err(Diagnostic::error(
            "Cannot apply incomplete plan",
            "The plan was made by a run that had errors, so it is not complete. Plan again.",
        )
        .into());
    }
    carry_out(
        workdir,
        args,
        &saved.prepared,
        options,
        async |_: &Round<'_>, prior: PriorState| {
            let unchanged =
                plan.serial == prior.serial && (plan.lineage == prior.lineage || prior.serial == 0);
            if !unchanged {
                return Err(Diagnostic::error(
                "Saved plan is stale",
                "The given plan file can no longer be applied because the state was changed by another operation after the plan was created.",
            )
            .into());
            }
            Ok(plan)
        },
    )
}

/// Opens the state, gets the plan, applies it, and saves what exists then.
fn carry_out(
    workdir: &Workdir,
    args: &Args,
    prepared: &Prepared,
    mut options: PlanOptions,
    make_plan: impl AsyncFnOnce(&Round<'_>, PriorState) -> Result<Plan, Diagnostics>,
) -> Outcome {
    let mut session = workdir.open_state(
        Some(&prepared.config),
        &args.state,
        Some("OperationTypeApply"),
    )?;
    let file = session.file().clone();
    options.interrupted = interrupted(&session);
    let listener = Listener::new(&workdir.ui);
    let destroys = options.mode == plans::Mode::Destroy;
    let (state, diags) = in_round(
        workdir,
        prepared,
        Some(&file.state),
        options,
        &listener,
        async |round| {
            let prior = PriorState {
                state: file.state.clone(),
                lineage: file.lineage.as_str().into(),
                serial: file.serial,
            };
            let plan = make_plan(round, prior).await?;
            let journal = FileJournal(session.begin("apply", &round.surroundings.timestamp)?);
            Ok(engine::apply(round, &plan, &journal).await)
        },
    )?;
    let done = views::plan::applied(&state, listener.totals(), destroys, &workdir.ui);
    let saved = session.save(state);
    let failed = diags.has_errors();
    workdir.ui.diagnostics(&diags);
    saved?;
    session.finish()?;
    if !failed {
        workdir.ui.out(&done);
    }
    Ok(u8::from(failed))
}

fn approve(workdir: &Workdir, args: &Args, plan: &Plan) -> Result<(), Diagnostics> {
    if args.json || !args.plan.input || !workdir.env.input() {
        return Err(Diagnostic::error(
            "Plan file or auto-approve required",
            "Nobody can be asked for approval here: give a saved plan, or run with -auto-approve.",
        )
        .into());
    }
    let question = if plan.mode == plans::Mode::Destroy {
        "\nDo you really want to destroy all resources?\n  groma will destroy all your managed infrastructure, as shown above.\n  There is no undo. Only 'yes' will be accepted to confirm.\n\n  Enter a value: "
    } else {
        "\nDo you want to perform these actions?\n  groma will perform the actions described above.\n  Only 'yes' will be accepted to approve.\n\n  Enter a value: "
    };
    match ask(&workdir.ui, question).as_deref() {
        Some("yes") => Ok(()),
        _ => Err(Diagnostic::error("Apply cancelled", "The plan was not approved.").into()),
    }
}
