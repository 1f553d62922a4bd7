//! Every case in `tests/conformance/cases` through groma, against what Terraform 1.11.4 answered.
//!
//! `GROMA_BIN` names another program to put in groma's place. With `GROMA_CONFORMANCE_LIVE=1`
//! each case also runs through the `terraform` found on `PATH`, and its fresh answers are compared
//! with both the recorded ones and groma's.

use std::process::ExitCode;
use std::sync::Arc;

use groma_conformance::{
    Answers, Case, Program, cases_dir, diff, find_cases, read_expected, render_differences, run,
};
use libtest_mimic::{Arguments, Failed, Trial};

/// How many differences of one document are worth reading.
const LIMIT: usize = 12;

#[expect(clippy::print_stdout, reason = "a test runner's report")]
fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let program = match arguments.list {
        true => Err("only listing".to_owned()),
        false => Program::groma(),
    };
    let terraform = find_terraform();
    if terraform.is_none() {
        println!(
            "SKIP live comparison: set GROMA_CONFORMANCE_LIVE=1 with terraform 1.11 on PATH to run it"
        );
    }
    let cases = find_cases(&cases_dir()).expect("the cases can be read");
    let shared = Arc::new((program, terraform));
    let trials = cases.into_iter().map(|case| {
        let shared = Arc::clone(&shared);
        Trial::test(case.name.clone(), move || {
            let program = shared.0.as_ref().map_err(Failed::from)?;
            check(&case, program, shared.1.as_ref())
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn find_terraform() -> Option<Program> {
    std::env::var_os("GROMA_CONFORMANCE_LIVE").and_then(|_| Program::find("terraform".as_ref()))
}

fn check(case: &Case, program: &Program, terraform: Option<&Program>) -> Result<(), Failed> {
    let expected = read_expected(case).map_err(|error| {
        format!(
            "nothing recorded ({error}): cargo xtask record {}",
            case.name
        )
    })?;
    let got = run(case, program)?;
    let mut report = compare("", &expected, &got);
    if let Some(terraform) = terraform {
        let live = run(case, terraform)?;
        report += &compare("(recorded, live Terraform) ", &expected, &live);
        report += &compare("(live Terraform) ", &live, &got);
    }
    if report.is_empty() {
        Ok(())
    } else {
        Err(format!("\n{report}").into())
    }
}

fn compare(label: &str, expected: &Answers, got: &Answers) -> String {
    let mut report = String::new();
    for (name, value) in expected {
        match got.get(name) {
            None => report += &format!("  {label}{name}: no such answer\n"),
            Some(other) => {
                let differences = diff(value, other);
                report += &render_differences(&format!("{label}{name}"), &differences, LIMIT);
            }
        }
    }
    for name in got.keys().filter(|name| !expected.contains_key(*name)) {
        report += &format!("  {label}{name}: not expected\n");
    }
    report
}
