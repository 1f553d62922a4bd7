//! The host against real programs, and our own programs against a real host.
//!
//! Started by a host, this program is a provider, well-behaved or not, as `GROMA_TEST_PROVIDER` says;
//! started otherwise it runs the tests.

mod aws;
mod costs;
mod failures;
mod files;
mod hostile;
mod roundtrip;
mod terraform;

use libtest_mimic::{Arguments, Failed, Trial};
use std::process::ExitCode;

#[allow(clippy::disallowed_methods, reason = "this is a program of its own")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn main() -> ExitCode {
    if let Some(behaviour) =
        variable(hostile::VARIABLE).filter(|_| variable("TF_PLUGIN_MAGIC_COOKIE").is_some())
    {
        if behaviour == "files" {
            return groma_plugin::main(&files::ABOUT, [], variable, files::Files::new);
        }
        if behaviour == "hundred" {
            return groma_plugin::main(&costs::ABOUT, [], variable, costs::Hundred::default);
        }
        return runtime().block_on(hostile::behave(&behaviour));
    }
    let mut trials = vec![
        trial("aws::lifecycle_of_a_vpc", aws::lifecycle_of_a_vpc),
        trial("roundtrip::every_call", roundtrip::every_call),
        trial("roundtrip::version_5", roundtrip::version_5),
        trial("roundtrip::reattach", roundtrip::reattach),
        trial("roundtrip::reattach_and_end", roundtrip::reattach_and_end),
        trial(
            "roundtrip::asked_for_its_schema",
            roundtrip::asked_for_its_schema,
        ),
    ];
    trials.push(trial("costs::a_hundred_types", costs::a_hundred_types));
    trials.extend(terraform::trials());
    trials.extend(failures::CASES.iter().map(|case| {
        trial(&format!("failures::{}", case.behaviour), move || {
            failures::check(case)
        })
    }));
    trials.push(trial("failures::hang", failures::hang));
    trials.push(trial("failures::kill", failures::kill));
    trials.push(trial("failures::environment", failures::environment));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("runtime")
}

/// A test that fails by panicking.
fn trial<F: Future<Output = ()>>(name: &str, test: impl FnOnce() -> F + Send + 'static) -> Trial {
    Trial::test(name, move || {
        runtime().block_on(test());
        Ok::<(), Failed>(())
    })
}
