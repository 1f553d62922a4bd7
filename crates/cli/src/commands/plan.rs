//! `groma plan`

use super::Outcome;
use crate::listener::Listener;
use crate::operation::{PlanArgs, in_round, interrupted, prepare};
use crate::ui::Form;
use crate::workdir::{StateArgs, Workdir};
use crate::{generated, planfile, views};
use engine::PriorState;
use std::path::PathBuf;

/// Show changes required by the current configuration.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    plan: PlanArgs,
    #[command(flatten)]
    state: StateArgs,
    /// Save the plan to this file, to be applied later
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Write blocks for imported objects that have none to this file, which must not exist
    #[arg(long, value_name = "PATH")]
    generate_config_out: Option<PathBuf>,
    /// End with code 2 if there are changes
    #[arg(long)]
    detailed_exitcode: bool,
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

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    workdir.ui.compact_warnings.set(args.compact_warnings);
    if args.no_color {
        workdir.ui.color.set(false);
    }
    if args.json {
        workdir.ui.form.set(Form::Json);
        workdir.ui.line(&views::events::version());
    }
    let mut options = args.plan.options()?;
    options.generate_config = args.generate_config_out.is_some();
    if let Some(path) = &args.generate_config_out {
        generated::check(path, options.mode)?;
    }
    let prepared = prepare(workdir)?;
    let session = workdir.open_state(
        Some(&prepared.config),
        &args.state,
        Some("OperationTypePlan"),
    )?;
    let file = session.file().clone();
    options.interrupted = interrupted(&session);
    let (plan, diags) = in_round(
        workdir,
        &prepared,
        Some(&file.state),
        options,
        &Listener::new(&workdir.ui),
        async |round| {
            let prior = PriorState {
                state: file.state.clone(),
                lineage: file.lineage.as_str().into(),
                serial: file.serial,
            };
            let (plan, diags) = engine::plan(round, prior).await;
            workdir.ui.plan(&plan, round.schemas);
            Ok((plan, diags))
        },
    )?;
    session.finish()?;
    let failed = diags.has_errors();
    workdir.ui.diagnostics(&diags);
    let generated = match &args.generate_config_out {
        Some(path) if generated::write(path, &plan)? => Some(path),
        _ => None,
    };
    if let Some(path) = &args.out {
        planfile::save(workdir, path, &plan, &prepared.config)?;
    }
    if let (Some(path), false) = (generated, args.json) {
        workdir.ui.out(&views::plan::generated(path));
    }
    if !args.json && !failed && plan.applyable && (generated.is_none() || args.out.is_some()) {
        let path = args.out.as_ref().map(|p| p.display().to_string());
        workdir.ui.out(&views::plan::next_steps(
            path.as_deref(),
            &plan,
            generated.is_some(),
        ));
    }
    Ok(match (failed, args.detailed_exitcode && plan.applyable) {
        (true, _) => 1,
        (false, true) => 2,
        (false, false) => 0,
    })
}
