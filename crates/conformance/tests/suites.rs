//! Every suite in `tests/conformance/suites` through `groma test`, against what Terraform 1.11.4 said.
//!
//! With `GROMA_CONFORMANCE_LIVE=1` each suite also goes through the `terraform` found on `PATH`.

use std::process::ExitCode;
use std::sync::Arc;

use groma_conformance::{Program, Suite, find_suites, run_suite};
use libtest_mimic::{Arguments, Failed, Trial};

#[expect(clippy::print_stdout, reason = "a test runner's report")]
fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let groma = match arguments.list {
        true => Err("only listing".to_owned()),
        false => Program::groma(),
    };
    let live = std::env::var_os("GROMA_CONFORMANCE_LIVE")
        .and_then(|_| Program::find("terraform".as_ref()));
    if live.is_none() {
        println!(
            "SKIP live comparison: set GROMA_CONFORMANCE_LIVE=1 with terraform 1.11 on PATH to run it"
        );
    }
    let suites = find_suites().expect("the suites can be read");
    let shared = Arc::new((groma, live));
    let trials = suites.into_iter().map(|suite| {
        let shared = Arc::clone(&shared);
        Trial::test(suite.name.clone(), move || {
            let groma = shared.0.as_ref().map_err(Failed::from)?;
            check(&suite, "groma", groma)?;
            match &shared.1 {
                Some(terraform) => check(&suite, "terraform now", terraform),
                None => Ok(()),
            }
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn check(suite: &Suite, name: &str, program: &Program) -> Result<(), Failed> {
    let expected = suite.expected().map_err(|error| {
        format!(
            "nothing recorded ({error}): cargo xtask record --suites {}",
            suite.name
        )
    })?;
    let got = run_suite(suite, program)?;
    if got == expected {
        return Ok(());
    }
    let (ours, theirs): (Vec<&str>, Vec<&str>) =
        (got.lines().collect(), expected.lines().collect());
    let missing = theirs.iter().filter(|line| !ours.contains(line));
    let added = ours.iter().filter(|line| !theirs.contains(line));
    let lines = missing.map(|line| format!("  terraform: {line}\n"));
    let lines: String = lines
        .chain(added.map(|line| format!("  {name}: {line}\n")))
        .collect();
    Err(format!("\n{lines}\nall of {name}:\n{got}").into())
}
