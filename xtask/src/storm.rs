//! `cargo xtask storm`: clouds that throttle, fail and break connections, and an apply that gets there all the same.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task's report")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use serde_json::{Value, json};

use crate::peers::tables::Table;
use crate::rig::{APPLY, Failure, Folder, Group, Programs, Sandbox, problems};

/// Options of the trial.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How often the platform is made and unmade, each time with other draws
    #[arg(long, default_value_t = 3)]
    times: u64,
    /// The share of calls that are refused because there were too many
    #[arg(long, default_value_t = 0.3)]
    throttle: f64,
    /// The share that ends with an error of the server
    #[arg(long, default_value_t = 0.1)]
    errors: f64,
    /// The share whose connection breaks: half of them after the effect
    #[arg(long, default_value_t = 0.05)]
    dropped: f64,
    /// How many applies, and destroys, may be needed
    #[arg(long, default_value_t = 5)]
    most: usize,
    /// The configuration
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/two-clouds"))]
    example: PathBuf,
}

const DESTROY: [&str; 4] = ["destroy", "-auto-approve", "-input=false", "-no-color"];

/// Runs the trial; the code says whether all was well.
pub(crate) fn storm(options: &Options) -> ExitCode {
    match trial(options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("storm: {error}");
            ExitCode::FAILURE
        }
    }
}

fn trial(options: &Options) -> Result<bool, Failure> {
    let programs = Programs::build(&[])?;
    let root = programs.scratch("storm")?;
    let sandbox = Sandbox::start(programs.groma(), &["-pending=100ms"])?;
    let folder = Folder::new(&programs, &sandbox, &root, "work")?;
    folder.copy(&options.example)?;
    folder.run(&["init", "-input=false", "-no-color"])?;
    folder.run(&APPLY)?;
    let whole = folder.resources()?.len();
    let mut table = Table::new(&[
        "seed",
        "what",
        "runs",
        "time",
        "calls",
        "of them",
        "left wrong",
    ]);
    let mut well = true;
    for seed in 1..=options.times {
        sandbox.admin("POST reset")?;
        folder.forget()?;
        for (what, words) in [("apply", APPLY), ("destroy", DESTROY)] {
            let rule = json!({
                "throttle": options.throttle,
                "errors": options.errors,
                "drop_before": options.dropped / 2.0,
                "drop_after": options.dropped / 2.0,
            });
            sandbox.put("faults", &json!({"seed": seed, "rules": [rule]}))?;
            sandbox.admin("POST requests/clear")?;
            let start = Instant::now();
            let runs = runs(
                &folder,
                &words,
                options.most,
                &root,
                &format!("{what}-{seed}"),
            )?;
            let time = start.elapsed();
            let met = faults(&sandbox)?;
            sandbox.admin("DELETE faults")?;
            let wrong = match what {
                "apply" => problems(&folder, &sandbox, whole, &root.join("plan.log"))?,
                _ => left(&sandbox)?,
            };
            well &= runs.is_some() && wrong.is_empty();
            let faults = met.iter().filter(|(name, _)| !name.is_empty());
            let faults: Vec<String> = faults
                .map(|(name, count)| format!("{count} {name}"))
                .collect();
            table.row(&[
                &seed.to_string(),
                what,
                &runs.map_or_else(|| "failed".to_owned(), |runs| runs.to_string()),
                &format!("{:.1} s", time.as_secs_f64()),
                &met.values().sum::<usize>().to_string(),
                &faults.join(", "),
                &wrong.len().to_string(),
            ]);
            for line in wrong {
                println!("{what} {seed}: {}", line.trim_start());
            }
        }
    }
    println!("{whole} instances\n{}", table.render());
    if !well {
        println!("see {}", root.display());
    }
    Ok(well)
}

/// Runs a command until it succeeds; returns how many runs that took, `None` if `most` were not enough.
fn runs(
    folder: &Folder,
    words: &[&str],
    most: usize,
    root: &Path,
    name: &str,
) -> Result<Option<usize>, Failure> {
    for run in 1..=most {
        let log = root.join(format!("{name}-{run}.log"));
        if Group::start(folder.command(words), &log)?.wait()?.success() {
            return Ok(Some(run));
        }
    }
    Ok(None)
}

/// Counts the calls by what went wrong with them on purpose; under no name: nothing.
fn faults(sandbox: &Sandbox) -> Result<BTreeMap<String, usize>, Failure> {
    let requests = sandbox.admin("GET requests")?;
    let mut counts = BTreeMap::new();
    for request in requests.as_array().into_iter().flatten() {
        let fault = request["fault"].as_str().unwrap_or_default();
        *counts.entry(fault.to_owned()).or_default() += 1;
    }
    Ok(counts)
}

/// Returns the objects that a destroy should have taken away.
fn left(sandbox: &Sandbox) -> Result<Vec<String>, Failure> {
    let objects = sandbox.admin("GET objects")?;
    let name = |object: &Value| format!("{} {} still exists", object["kind"], object["id"]);
    Ok(objects.as_array().into_iter().flatten().map(name).collect())
}
