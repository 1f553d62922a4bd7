//! `groma test`

use super::Outcome;
use crate::early::given;
use crate::testing::{Options, Status, Suite};
use crate::ui::Form;
use crate::views;
use crate::workdir::Workdir;
use diags::Diagnostic;
use std::path::{Path, PathBuf};

/// Run test files: plan and apply for a while, and look at what that makes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this file (can be repeated)
    #[arg(long, value_name = "PATH")]
    filter: Vec<String>,
    /// Where tests are, besides the working directory
    #[arg(long, value_name = "PATH", default_value = "tests")]
    test_directory: PathBuf,
    /// Show the plan or state of each run
    #[arg(long)]
    verbose: bool,
    /// How many operations may run at once
    #[arg(long, value_name = "N", default_value_t = 10)]
    parallelism: usize,
    /// Events as JSON, one per line
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
    if args.json {
        workdir.ui.form.set(Form::Json);
        workdir.ui.line(&views::events::version());
    }
    let (config, files, mut diags) = workdir.load_tests(&args.test_directory);
    if !args.test_directory.is_dir() && args.test_directory != Path::new("tests") {
        diags.push(Diagnostic::warning(
            "Test directory does not exist",
            format!("There is no directory {}.", args.test_directory.display()),
        ));
    }
    if diags.has_errors() {
        return Err(diags);
    }
    workdir.ui.diagnostics(&diags);
    let options = Options {
        test_dir: args.test_directory.clone(),
        filter: args.filter.clone(),
        given: given(&workdir.argv),
        verbose: args.verbose,
        parallelism: args.parallelism,
    };
    let status = Suite::new(workdir, &config, &options).run(&files)?;
    Ok(u8::from(matches!(status, Status::Fail | Status::Error)))
}
