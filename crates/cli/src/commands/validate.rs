//! `groma validate`

use super::Outcome;
use crate::operation::{PlanArgs, Prepared, in_round};
use crate::variables::Inputs;
use crate::workdir::Workdir;
use configs::Config;
use diags::Diagnostics;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Check whether the configuration is valid.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Leave test files out
    #[arg(long)]
    no_tests: bool,
    /// Where tests are, besides the working directory
    #[arg(long, value_name = "PATH", default_value = "tests")]
    test_directory: PathBuf,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let (config, tests, mut diags) = if args.no_tests {
        let (config, diags) = workdir.load_config();
        (config, Vec::new(), diags)
    } else {
        workdir.load_tests(&args.test_directory)
    };
    if !diags.has_errors() {
        diags.append(validate(workdir, config.clone())?);
        let under_test: BTreeMap<Arc<str>, &Config> = tests
            .iter()
            .flat_map(|file| &file.runs)
            .filter_map(|run| run.module.as_ref())
            .filter_map(|m| Some((m.call.source.clone(), m.config.as_deref()?)))
            .collect();
        for config in under_test.into_values() {
            diags.append(validate(workdir, config.clone())?);
        }
        diags.append(crate::testing::check(&config, &tests));
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

/// Checks one configuration.
fn validate(workdir: &Workdir, config: Config) -> Result<Diagnostics, Diagnostics> {
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
    Ok(match result {
        Ok(found) | Err(found) => found,
    })
}
