//! `groma show`

use super::Outcome;
use crate::operation::{PlanArgs, Prepared, in_round};
use crate::workdir::{StateArgs, Workdir};
use std::collections::BTreeMap;

/// Show the current state or a saved plan.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A plan or state file; the current state if none is given
    path: Option<std::path::PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let (config, _) = workdir.load_config();
    let file = match &args.path {
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|e| {
                diags::Diagnostics::from(diags::Diagnostic::error(
                    "Failed to read the given file",
                    format!("{}: {e}.", path.display()),
                ))
            })?;
            states::file::read(&bytes)?
        }
        None => workdir
            .open_state(Some(&config), &StateArgs::default(), None)?
            .file()
            .clone(),
    };
    let prepared = Prepared {
        config,
        inputs: BTreeMap::new(),
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
            states::json::show(
                Some(&file),
                &crate::views::schemas::StateSchemas(round.schemas),
            )
        },
    )?;
    workdir.ui.line(&text);
    Ok(0)
}
