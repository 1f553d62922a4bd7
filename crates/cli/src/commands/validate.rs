//! `groma validate`

use super::Outcome;
use crate::operation::{PlanArgs, Prepared, in_round};
use crate::variables::Inputs;
use crate::workdir::Workdir;

/// Check whether the configuration is valid.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Accepted: test files are not read
    #[arg(long)]
    no_tests: bool,
    /// Accepted: test files are not read
    #[arg(long, value_name = "PATH")]
    test_directory: Option<String>,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let (config, mut diags) = workdir.load_config();
    if !diags.has_errors() {
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
        let result = in_round(
            workdir,
            &prepared,
            None,
            options,
            &engine::Silent,
            async |round| Ok(engine::validate(round).await),
        );
        diags.append(match result {
            Ok(found) | Err(found) => found,
        });
    }
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let valid = !diags.has_errors();
    if args.json {
        workdir.ui.line(&crate::views::diagnostic::validation(
            &diags,
            &workdir.ui.sources.borrow(),
        ));
        return Ok(u8::from(!valid));
    }
    workdir.ui.diagnostics(&diags);
    if valid {
        workdir.ui.line("Success! The configuration is valid.\n");
    }
    Ok(u8::from(!valid))
}
