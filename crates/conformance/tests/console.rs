//! Every expression in `tests/conformance/console` through `groma console`, against what Terraform 1.11.4 answered.
//!
//! With `GROMA_CONFORMANCE_LIVE=1` each expression also goes through the `terraform` found on `PATH`.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use groma_conformance::{Console, Program, Table, find_tables};
use libtest_mimic::{Arguments, Failed, Trial};

#[expect(clippy::print_stdout, reason = "a test runner's report")]
fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let groma = match arguments.list {
        true => Err("only listing".to_owned()),
        false => Program::groma().and_then(|program| console(&program)),
    };
    let live = std::env::var_os("GROMA_CONFORMANCE_LIVE")
        .and_then(|_| Program::find("terraform".as_ref()));
    if live.is_none() {
        println!(
            "SKIP live comparison: set GROMA_CONFORMANCE_LIVE=1 with terraform 1.11 on PATH to run it"
        );
    }
    let tables = find_tables().expect("the tables can be read");
    let shared = Arc::new((groma, live));
    let trials = tables.into_iter().map(|table| {
        let shared = Arc::clone(&shared);
        Trial::test(table.name.clone(), move || {
            let groma = shared.0.as_ref().map_err(Failed::from)?;
            // Terraform locks the state while it answers: each table has a folder of its own.
            let live = shared.1.as_ref().map(console).transpose()?;
            check(&table, groma, live.as_ref())
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn console(program: &Program) -> Result<Console, String> {
    Console::new(program).map_err(|error| error.to_string())
}

fn check(table: &Table, groma: &Console, live: Option<&Console>) -> Result<(), Failed> {
    let (mut report, mut wrong) = (String::new(), 0);
    for (expression, expected) in &table.entries {
        let answers = [("groma", Some(groma)), ("terraform now", live)];
        for (name, console) in answers {
            let Some(console) = console else { continue };
            let answer = console.ask(expression)?;
            if answer != *expected {
                wrong += 1;
                let _ = write!(
                    report,
                    "> {expression}\n  terraform: {}\n  {name}: {}\n",
                    expected.replace('\n', "\n    "),
                    answer.replace('\n', "\n    ")
                );
            }
        }
    }
    match wrong {
        0 => Ok(()),
        _ => Err(format!("{wrong} of {}\n{report}", table.entries.len()).into()),
    }
}
