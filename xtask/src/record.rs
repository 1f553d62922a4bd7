//! `cargo xtask record`: runs the conformance cases through Terraform and keeps its answers.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task's report")]

use std::process::ExitCode;

use conformance::{Program, cases_dir, find_cases, run, write_expected};

/// The release whose answers are recorded; another one would answer differently.
const RELEASE: &str = "1.11.4";

#[derive(clap::Args)]
pub(crate) struct Record {
    /// Cases to record, by the start of their names; all without one
    names: Vec<String>,
}

/// Records the chosen cases; fails without the right `terraform` on `PATH`.
pub(crate) fn record(task: &Record) -> ExitCode {
    match try_record(task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("record: {error}");
            ExitCode::FAILURE
        }
    }
}

fn try_record(task: &Record) -> Result<(), String> {
    let program = Program::find("terraform".as_ref()).ok_or("terraform is not on PATH")?;
    let version = std::process::Command::new(program.path())
        .args(["version", "-json"])
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .map_err(|error| error.to_string())?;
    if !String::from_utf8_lossy(&version.stdout).contains(&format!("\"{RELEASE}\"")) {
        return Err(format!("terraform on PATH is not {RELEASE}"));
    }
    let cases = find_cases(&cases_dir()).map_err(|error| error.to_string())?;
    let wanted = |name: &str| {
        task.names.is_empty() || task.names.iter().any(|start| name.starts_with(start))
    };
    for case in cases.iter().filter(|case| wanted(&case.name)) {
        let answers = run(case, &program).map_err(|error| format!("{}: {error}", case.name))?;
        write_expected(case, &answers).map_err(|error| format!("{}: {error}", case.name))?;
        println!("{}", case.name);
        for (name, value) in answers
            .iter()
            .filter(|(name, _)| name.ends_with(".diags.json"))
        {
            println!("  {name} {value}");
        }
    }
    Ok(())
}
