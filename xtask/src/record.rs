//! `cargo xtask record`: runs the conformance cases, the tables of expressions or the suites of test files through Terraform and keeps its answers.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task's report")]

use std::process::ExitCode;

use conformance::{
    Console, Program, cases_dir, find_cases, find_suites, find_tables, run, run_suite,
    write_expected, write_table,
};

/// The release whose answers are recorded; another one would answer differently.
const RELEASE: &str = "1.11.4";

#[derive(clap::Args)]
pub(crate) struct Record {
    /// Cases to record, by the start of their names; all without one
    names: Vec<String>,
    /// Record the tables of expressions instead
    #[arg(long)]
    console: bool,
    /// Record the suites of test files instead
    #[arg(long)]
    suites: bool,
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
    if task.console {
        return record_tables(task, &program).map_err(|error| error.to_string());
    }
    if task.suites {
        return record_suites(task, &program).map_err(|error| error.to_string());
    }
    let cases = find_cases(&cases_dir()).map_err(|error| error.to_string())?;
    for case in cases.iter().filter(|case| task.wants(&case.name)) {
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

impl Record {
    fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|start| name.starts_with(start))
    }
}

fn record_suites(task: &Record, program: &Program) -> std::io::Result<()> {
    let suites = find_suites()?;
    for suite in suites.iter().filter(|suite| task.wants(&suite.name)) {
        let answer = run_suite(suite, program)?;
        suite.write_expected(&answer)?;
        println!("{}\n{answer}", suite.name);
    }
    Ok(())
}

fn record_tables(task: &Record, program: &Program) -> std::io::Result<()> {
    let console = Console::new(program)?;
    for table in find_tables()?
        .iter()
        .filter(|table| task.wants(&table.name))
    {
        let asked = table.entries.iter().map(|(text, _)| console.ask(text));
        let answers = asked.collect::<std::io::Result<Vec<_>>>()?;
        write_table(table, &answers)?;
        let errors = answers
            .iter()
            .filter(|answer| answer.starts_with("Error: "));
        println!(
            "{}: {} expressions, {} errors",
            table.name,
            answers.len(),
            errors.count()
        );
    }
    Ok(())
}
