//! `groma show`

use super::Outcome;
use crate::operation::{PlanArgs, Prepared, in_round};
use crate::variables::Inputs;
use crate::workdir::{StateArgs, Workdir};
use crate::{planfile, views};
use diags::{Diagnostic, Diagnostics};
use std::path::PathBuf;

/// Show the current state or a saved plan.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A plan or state file; the current state if none is given
    path: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let bytes = match &args.path {
        Some(path) => Some(std::fs::read(path).map_err(|e| {
            Diagnostics::from(Diagnostic::error(
                "Failed to read the given file as a state or plan file",
                format!("{}: {e}.", path.display()),
            ))
        })?),
        None => None,
    };
    match bytes {
        Some(bytes) if planfile::is_plan(&bytes) => show_plan(workdir, args, &bytes),
        bytes => show_state(workdir, args, bytes.as_deref()),
    }
}

fn show_plan(workdir: &Workdir, args: &Args, bytes: &[u8]) -> Outcome {
    let saved = planfile::load(workdir, bytes)?;
    let options = PlanArgs {
        refresh: true,
        parallelism: 10,
        ..PlanArgs::default()
    }
    .options()?;
    let state = &saved.plan.prior_state;
    let text = in_round(
        workdir,
        &saved.prepared,
        Some(state),
        options,
        &engine::Silent,
        async |round| {
            if !args.json {
                workdir.ui.plan(&saved.plan, round.schemas);
                return Ok(Vec::new());
            }
            let mut out = Vec::new();
            plans::json::write(
                &saved.plan,
                &saved.prepared.config,
                &views::schemas::of(round.schemas),
                &mut out,
            )
            .map_err(|e| {
                Diagnostics::from(Diagnostic::error(
                    "Failed to show the plan",
                    format!("{e}."),
                ))
            })?;
            Ok(out)
        },
    )?;
    if args.json {
        workdir.ui.line(&String::from_utf8_lossy(&text));
    }
    Ok(0)
}

fn show_state(workdir: &Workdir, args: &Args, bytes: Option<&[u8]>) -> Outcome {
    let (config, _) = workdir.load_config();
    let (file, exists) = match bytes {
        Some(bytes) => (states::file::read(bytes)?, true),
        None => {
            let session = workdir.open_state(Some(&config), &StateArgs::default(), None)?;
            (session.file().clone(), session.existed())
        }
    };
    let prepared = Prepared {
        config,
        inputs: Inputs::default(),
    };
    let options = PlanArgs {
        refresh: true,
        parallelism: 10,
        ..PlanArgs::default()
    }
    .options()?;
    let text = in_round(
        workdir,
        &prepared,
        Some(&file.state),
        options,
        &engine::Silent,
        async |round| {
            let schemas = views::schemas::of(round.schemas);
            if args.json {
                let text = states::json::show(exists.then_some(&file), &schemas)?;
                Ok(format!("{text}\n"))
            } else if exists {
                views::state::render(&file.state, &schemas, workdir.ui.color.get())
            } else {
                Ok("No state.\n".to_owned())
            }
        },
    )?;
    workdir.ui.out(&text);
    Ok(0)
}
